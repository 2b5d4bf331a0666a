"""What all readers of one server share, handed to the page and its routes."""

from __future__ import annotations

from dataclasses import dataclass, field

from qa.settings import Settings
from qa.ui.page.conversation import Conversation, Conversations
from qa.ui.page.feedback import Feedback
from qa.ui.panels.status_line import status_line
from qa.ui.panels.welcome import summarise_library
from qa.ui.server.answer_folder import AnswerFolder
from qa.ui.server.build_runner import BuildRunner
from qa.ui.server.generator_choice import GeneratorChoice
from qa.ui.server.model_loading import ModelLoader
from qa.ui.server.notifier import Notifier
from qa.ui.server.recent_answers import RecentAnswers
from qa.ui.server.request_queue import RequestQueue
from qa.ui.server.signing import ExchangeSigner
from qa.wiring import Parts


@dataclass(frozen=True, slots=True)
class SharedState:
    """One server, as its readers share it.

    Attributes:
        settings: Folders, limits, names of models.
        loader: The pipeline, and whether its models are loaded.
        choice: Of the generator.
        queue: Before the answerer.
        builds: Bring the index up to date.
        notifier: Told when any of these has changed.
        signer: For answers that browsers keep.
        feedback: What readers think of answers.
        folder: Where servers share their answers; None if they do not.
        answers: By id.
        conversations: By session.
    """

    settings: Settings
    loader: ModelLoader
    choice: GeneratorChoice
    queue: RequestQueue
    builds: BuildRunner
    notifier: Notifier
    signer: ExchangeSigner
    feedback: Feedback
    answers: RecentAnswers
    folder: AnswerFolder | None = None
    conversations: Conversations = field(default_factory=Conversations)

    @property
    def parts(self) -> Parts:
        """What answers now; after waiting in the queue, look again."""
        return self.loader.parts

    def conversation(self, session: str) -> Conversation:
        """The conversation of a session, as far as another server has brought it."""
        conversation = self.conversations.of(session)
        kept = self.folder.conversation(session) if self.folder else None
        if kept is not None and kept != conversation.kept:
            found = map(self.answers.find, kept)
            if conversation.restore([exchange for exchange in found if exchange]):
                conversation.kept = kept
        return conversation

    def keep(self, session: str, conversation: Conversation) -> None:
        """Let other servers go on from here."""
        if self.folder is not None:
            ended = [e.id for e in conversation.exchanges if not e.under_way]
            self.folder.keep_conversation(session, ended)
            conversation.kept = ended

    def status(self) -> str:
        """One line: what answers, and from what."""
        return status_line(
            self.loader,
            summarise_library(self.parts.index),
            building=self.builds.state.running,
            switching=self.choice.state.doing,
        )
