"""The page itself: its components and what happens between them."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from qa.answering import QUESTION_LENGTH
from qa.ui.page.conversation import Conversation
from qa.ui.page.markup_cache import MarkupCache
from qa.ui.page.payload import (
    ActionPayload,
    parse_action_payload,
    parse_question_payload,
)
from qa.ui.page.streaming import reply
from qa.ui.server.endpoints import for_gradio
from qa.ui.server.shared_state import SharedState

if TYPE_CHECKING:
    from fastapi import FastAPI

TITLE = "Ask your articles"
_WAITING_EVENTS = 200
_EARLIER = (
    '<p class="qa-note">Earlier questions are not shown here; those asked in this '
    "browser are in History.</p>"
)
_HOUR = 3600
_STYLES = ("page.css", "conversation.css", "source.css", "library.css")
_SCRIPTS = (
    "base.js",
    "source.js",
    "conversation.js",
    "welcome.js",
    "history.js",
    "settings.js",
    "library.js",
    "left-out.js",
    "choose.js",
)
Updates = dict[Any, Any]


def mount_page(app: FastAPI, shared: SharedState) -> FastAPI:
    """Put the page at the root of an app."""
    import gradio as gr

    page = _Page(shared)
    page.blocks.queue(api_open=False, max_size=_WAITING_EVENTS)
    mounted: FastAPI = gr.mount_gradio_app(
        app,
        page.blocks,
        path="/",
        theme=_theme(),
        head=_head(),
        show_error=False,
        enable_monitoring=False,
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        pwa=False,
        max_file_size="1mb",
    )
    return mounted


def _theme() -> Any:
    import gradio as gr

    # Fonts by name only: the themes' own are files, or calls to a font service.
    theme = gr.themes.Base(font=["system-ui", "sans-serif"], font_mono=["monospace"])
    # The first paint, before the page's own style is there; as in page.css.
    return theme.set(
        body_background_fill="#f7f5f0",
        body_background_fill_dark="#16181a",
        body_text_color="#1f2427",
        body_text_color_dark="#e8e6e1",
    )


def _asset(name: str) -> str:
    return (files("qa.ui") / "assets" / name).read_text(encoding="utf-8")


def _head() -> str:
    style = "".join(map(_asset, _STYLES))
    script = "".join(map(_asset, _SCRIPTS))
    return f"<style>{style}</style><script>{script}</script>"


class _Page:
    """The components, and what happens between them.

    All state of a reader is kept on the server, by session; what the browser
    sends is a question, its terms or the key of a citation, never a history
    that was not signed here.
    """

    def __init__(self, shared: SharedState) -> None:
        import gradio as gr

        self._shared = shared
        self._markup = MarkupCache()
        with gr.Blocks(
            title=TITLE,
            analytics_enabled=False,
            fill_width=True,
            delete_cache=(_HOUR, _HOUR),
        ) as self.blocks:
            self._header()
            with gr.Row(elem_id="qa-room"):
                with gr.Column(elem_id="qa-desk"):
                    self._desk()
                with gr.Column(elem_id="qa-shelf"):
                    _fixed("source.html", "qa-reader")
            _fixed("library.html", "qa-library-holder")
            _fixed("dialogs.html", "qa-dialogs")
            self._connect()

    def _header(self) -> None:
        import gradio as gr

        with gr.Row(elem_id="qa-header"):
            gr.HTML(f"<h1>{TITLE}</h1>", elem_id="qa-name")
            _fixed("status.html", "qa-status")
            _fixed("nav.html", "qa-nav")
        # The script draws these buttons in the navigation, and presses them here.
        self.fresh = gr.Button(elem_id="qa-fresh", elem_classes="qa-unseen")
        # A name for the reader's conversation; Gradio keeps it on the server.
        self.session = gr.State("", delete_callback=self._shared.conversations.end)
        # What the script sends; it presses the button.
        self.payload = gr.Textbox(visible=False)
        self.action = gr.Button(elem_id="qa-act", elem_classes="qa-unseen")

    def _desk(self) -> None:
        import gradio as gr

        _fixed("welcome.html", "qa-welcome")
        self.chat = gr.Chatbot(
            elem_id="qa-conversation",
            label="Conversation",
            show_label=False,
            container=False,
            visible=False,
            height=None,
            autoscroll=False,
            buttons=[],
            feedback_options=None,
            allow_tags=False,
            latex_delimiters=[],
            allow_file_downloads=False,
            group_consecutive_messages=False,
            layout="panel",
        )
        _fixed("terms.html", "qa-terms")
        with gr.Row(elem_id="qa-composer"):
            self.box = gr.Textbox(
                label="Your question",
                show_label=False,
                placeholder="Ask the articles…",
                lines=1,
                max_lines=6,
                max_length=QUESTION_LENGTH,
                container=False,
                autofocus=True,
                elem_id="qa-question",
            )
            self.send = gr.Button("Ask", elem_id="qa-send", variant="primary")
            self.halt = gr.Button("Stop", elem_id="qa-stop", visible=False)

    def _connect(self) -> None:
        """Every event goes through the queue: the way past it is closed."""
        import gradio as gr

        quiet = {"show_progress": "hidden", "api_visibility": "private"}
        # One answer at a time is our own queue's business, not Gradio's.
        quick = {**quiet, "concurrency_limit": None}
        # Else a question right after a stop is dropped: the answer's event still ends.
        answering = {**quick, "trigger_mode": "multiple"}
        drawn = [self.chat, self.send, self.halt]
        for answered in (_Page._asked, _Page._acted):
            # As text it would not be found, since Gradio is not imported above.
            answered.__annotations__["request"] = gr.Request
        # Once this runs, Gradio listens: a question asked earlier would be lost.
        self.blocks.load(None, None, None, js="() => { qa.begin(); }")
        # A question and its answer are one event. Were the answer an event of its
        # own after the question's, its news could be lost: Gradio closes its stream
        # after the last event, and a busy browser may take that for the next one's.
        for asked in (self.box.submit, self.send.click):
            asked(
                self._asked,
                [self.session, self.box, self.payload],
                [self.session, *drawn],
                js="(...sent) => qa.sending(...sent)",
                **answering,
            ).failure(self._stopped, self.session, drawn, **quick)
        self.action.click(
            self._acted,
            [self.session, self.payload],
            [self.session, *drawn],
            js="(session) => [session, qa.currentAction()]",
            **answering,
        ).failure(self._stopped, self.session, drawn, **quick)
        for name, endpoint in for_gradio(self._shared).items():
            gr.api(endpoint, api_name=name, concurrency_limit=None)
        self.halt.click(self._stopped, self.session, drawn, **quick)
        self.fresh.click(self._cleared, self.session, drawn, **quick)

    def _asked(
        self, session: str, question: str, sent: str, request: Any
    ) -> Iterator[Updates]:
        """Answer a question, unless it is not taken: see ``Conversation.begin``.

        The script empties the question's box. Were the box among the outputs, it
        would have to be given at each step: to Gradio, leaving it out is an update.
        """
        session = session or request.session_hash
        conversation = self._shared.conversation(session)
        payload = parse_question_payload(sent)
        if payload.replaces:
            conversation.rewind(payload.replaces)
        if not conversation.begin(question, payload.terms):
            yield {self.session: session}
            return
        yield {self.session: session, **self._draw(conversation)}
        yield from self._reply(session, conversation)

    def _acted(self, session: str, sent: str, request: Any) -> Iterator[Updates]:
        """Do what the script asked for; nothing if it makes no sense here."""
        session = session or request.session_hash
        conversation = self._shared.conversation(session)
        action = parse_action_payload(sent)
        if action is not None:
            self._perform(action, conversation)
        yield {self.session: session, **self._draw(conversation)}
        yield from self._reply(session, conversation)

    def _perform(self, action: ActionPayload, conversation: Conversation) -> None:
        if action.kind == "retry":
            exchange = conversation.rewind(action.answer)
            if exchange is not None:
                conversation.begin(exchange.question, action.payload.terms)
        elif action.kind == "open":
            exchange = self._shared.answers.find(action.answer)
            if exchange is not None:
                conversation.restore([exchange])
        else:
            opened = [self._shared.signer.read(signed) for signed in action.signed]
            exchanges = [exchange for exchange in opened if exchange is not None]
            if conversation.restore(exchanges):
                for exchange in exchanges:
                    self._shared.answers.remember(exchange)

    def _reply(self, session: str, conversation: Conversation) -> Iterator[Updates]:
        """Answer the question that waits in a conversation, if one does."""
        shared = self._shared
        try:
            for _ in reply(
                lambda: shared.parts.answerer,
                conversation,
                shared.answers,
                shared.queue,
                session,
            ):
                yield self._draw(conversation)
        finally:
            shared.keep(session, conversation)
        yield self._draw(conversation)

    def _stopped(self, session: str) -> Updates:
        conversation = self._shared.conversation(session)
        conversation.stop()
        return self._draw(conversation)

    def _cleared(self, session: str) -> Updates:
        conversation = self._shared.conversation(session)
        conversation.clear()
        self._shared.keep(session, conversation)
        return self._draw(conversation)

    def _draw(self, conversation: Conversation) -> Updates:
        """Updates only, of what is never read from.

        Gradio makes a component of each update. A plain value for it would be
        kept with that component, for as long as the session, and never again found;
        and of what is read from, all that were made are kept.
        """
        import gradio as gr

        begun, busy = bool(conversation.exchanges), conversation.busy
        return {
            self.chat: gr.update(value=self._messages(conversation), visible=begun),
            self.send: gr.update(visible=not busy),
            self.halt: gr.update(visible=busy),
        }

    def _messages(self, conversation: Conversation) -> list[dict[str, str]]:
        ready = self._shared.loader.done
        shown = conversation.exchanges
        messages = []
        if shown and shown[0].earlier:
            messages.append({"role": "assistant", "content": _EARLIER})
        for exchange in shown:
            question, answer = self._markup.markup(exchange, ready=ready)
            messages.append({"role": "user", "content": question})
            messages.append({"role": "assistant", "content": answer})
        return messages


def _fixed(asset: str, elem_id: str) -> None:
    """A part of the page that only the script changes."""
    import gradio as gr

    gr.HTML(html_template=_asset(asset), js_on_load=None, elem_id=elem_id)
