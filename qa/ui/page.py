"""The page itself: the one file that knows Gradio."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.answering import QUESTION_LENGTH
from qa.bootstrap import Parts
from qa.schema import Filters
from qa.ui.asking import reply
from qa.ui.conversation import Conversation, Conversations
from qa.ui.library import Library, Warmup, survey
from qa.ui.markup import (
    GREETING,
    render_exchange,
    render_problem,
    render_question,
)
from qa.ui.reader import Page as SourcePage
from qa.ui.reader import Shown, open_citation

if TYPE_CHECKING:
    from fastapi import FastAPI

TITLE = "Ask your articles"
_EXAMPLES = 4
_WAITING_QUESTIONS = 20
_STATUS_SECONDS = 0.7
_HOUR = 3600
_STYLES = ("page.css", "conversation.css", "source.css")
Updates = dict[Any, Any]


def mount_page(app: FastAPI, parts: Parts, *, warmup: Warmup, seeds: Path) -> FastAPI:
    """Put the page at the root of an app."""
    import gradio as gr

    page = _Page(parts, warmup, seeds)
    page.blocks.queue(api_open=False, max_size=_WAITING_QUESTIONS)
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


def _head() -> str:
    folder = files("qa.ui")
    style = "".join((folder / name).read_text(encoding="utf-8") for name in _STYLES)
    script = (folder / "page.js").read_text(encoding="utf-8")
    return f"<style>{style}</style><script>{script}</script>"


class _Page:
    """The components, and what happens between them.

    All state of a reader is kept on the server, by session; what the browser
    sends is a question or the key of a citation, never a history.
    """

    def __init__(self, parts: Parts, warmup: Warmup, seeds: Path) -> None:
        import gradio as gr

        self._parts = parts
        self._warmup = warmup
        self._seeds = seeds
        self._conversations = Conversations()
        self._shown = Shown()
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
                    self._reader()
            self._connect()

    def _header(self) -> None:
        import gradio as gr

        with gr.Row(elem_id="qa-header"):
            gr.HTML(f"<h1>{TITLE}</h1>", elem_id="qa-name")
            self.status = gr.HTML("Loading models…", elem_id="qa-status")
            self.fresh = gr.Button("New conversation", elem_id="qa-new", size="sm")
        self.timer = gr.Timer(_STATUS_SECONDS)
        # A name for the reader's conversation; Gradio keeps it on the server.
        self.session = gr.State("", delete_callback=self._conversations.end)

    def _desk(self) -> None:
        import gradio as gr

        library = survey(self._parts.index)
        with gr.Column(elem_id="qa-welcome") as self.welcome:
            self.greeting = gr.HTML(self._greeting(library))
            self.examples = [
                gr.Button(text, elem_classes="qa-example", visible=bool(text))
                for text in _slots(library)
            ]
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
        with gr.Accordion("Choose articles", open=False, elem_id="qa-filters"):
            articles, publishers = _menus(library)
            with gr.Row():
                since = gr.Textbox(label="From", placeholder="2016-03", max_length=10)
                until = gr.Textbox(label="Until", placeholder="2024", max_length=10)
        self.filters = [articles, publishers, since, until]
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

    def _reader(self) -> None:
        import gradio as gr

        def open_source(key: str) -> SourcePage:
            return open_citation(key, self._shown, self._parts.index)

        template = (files("qa.ui") / "reader.html").read_text(encoding="utf-8")
        gr.HTML(
            html_template=template,
            js_on_load="window.qaServer = server;",
            server_functions=[open_source],
            elem_id="qa-reader",
        )

    def _connect(self) -> None:
        """Every event goes through the queue: the way past it is closed."""
        quiet = {"show_progress": "hidden", "api_visibility": "private"}
        quick = {**quiet, "concurrency_limit": None}
        slow = {**quiet, "concurrency_limit": 1, "concurrency_id": "generation"}
        drawn = [self.session, self.chat, self.welcome, self.box, self.send, self.halt]
        menus = self.filters[:2]
        greeted = [self.status, self.greeting, *menus, *self.examples]
        self.blocks.load(self._greet, None, greeted, **quick)
        self.timer.tick(self._tick, None, [self.status, self.timer], **quick)
        for asked, source in self._ways_to_ask():
            given = [self.session, source, *self.filters]
            asked(self._submit, given, drawn, **quick).success(
                self._reply, self.session, drawn, trigger_mode="multiple", **slow
            ).failure(self._stopped, self.session, drawn, **quick)
        self.halt.click(self._stopped, self.session, drawn, **quick)
        self.fresh.click(self._cleared, self.session, drawn, **quick)

    def _ways_to_ask(self) -> Iterator[tuple[Any, Any]]:
        yield self.box.submit, self.box
        yield self.send.click, self.box
        for example in self.examples:
            yield example.click, example

    def _submit(
        self,
        session: str,
        question: str,
        articles: Sequence[str] | None,
        publishers: Sequence[str] | None,
        *dates: str | None,
    ) -> Updates:
        """Put the question into the conversation; the box empties if it was taken."""
        session = session or secrets.token_hex(16)
        conversation = self._conversations.of(session)
        # An empty box in a closed accordion arrives as None.
        since, until = ((date or "").strip() for date in dates)
        filters = Filters(tuple(articles or ()), tuple(publishers or ()), since, until)
        if not conversation.begin(question, filters):
            return {self.session: session}
        return {self.session: session, self.box: "", **self._draw(conversation)}

    def _reply(self, session: str) -> Iterator[Updates]:
        conversation = self._conversations.of(session)
        for _ in reply(self._parts.answerer, conversation, self._shown):
            yield {self.chat: self._messages(conversation)}
        yield self._draw(conversation)

    def _stopped(self, session: str) -> Updates:
        conversation = self._conversations.of(session)
        conversation.stop()
        return self._draw(conversation)

    def _cleared(self, session: str) -> Updates:
        conversation = self._conversations.of(session)
        conversation.clear()
        return self._draw(conversation)

    def _draw(self, conversation: Conversation) -> Updates:
        import gradio as gr

        begun, busy = bool(conversation.exchanges), conversation.busy
        return {
            self.chat: gr.Chatbot(self._messages(conversation), visible=begun),
            self.welcome: gr.Column(visible=not begun),
            self.send: gr.Button(visible=not busy),
            self.halt: gr.Button(visible=busy),
        }

    def _messages(self, conversation: Conversation) -> list[dict[str, str]]:
        ready = self._warmup.done
        messages = []
        for exchange in conversation.exchanges:
            question = render_question(exchange.question)
            answer = render_exchange(exchange, ready=ready)
            messages.append({"role": "user", "content": question})
            messages.append({"role": "assistant", "content": answer})
        return messages

    def _greet(self) -> list[Any]:
        """The first state, from the index as it is when the page is opened."""
        import gradio as gr

        library = survey(self._parts.index)
        buttons = [gr.Button(q, visible=bool(q)) for q in _slots(library)]
        status, greeting = self._status(library), self._greeting(library)
        return [status, greeting, *_menus(library), *buttons]

    def _tick(self) -> list[Any]:
        """The status line until the models are loaded, and once more."""
        import gradio as gr

        if not self._warmup.done:
            return [gr.skip(), gr.skip()]
        return [self._status(survey(self._parts.index)), gr.Timer(active=False)]

    def _status(self, library: Library) -> str:
        return escape(self._warmup.status(library.articles))

    def _greeting(self, library: Library) -> str:
        if library.problem:
            return render_problem(library.problem, self._seeds)
        return GREETING


def _menus(library: Library) -> list[Any]:
    """What to choose articles by: the articles themselves, and their publishers."""
    import gradio as gr

    return [
        gr.Dropdown(list(choices), label=label, multiselect=True, value=[])
        for label, choices in (
            ("Articles", library.choices),
            ("Publishers", library.publishers),
        )
    ]


def _slots(library: Library) -> list[str]:
    """The example questions, filled up to the number of their buttons."""
    return [*library.examples, *[""] * _EXAMPLES][:_EXAMPLES]
