"""What all readers of one server share, handed to the page and its routes."""

from __future__ import annotations

from dataclasses import dataclass, field

from qa.settings import Settings
from qa.ui.page.conversation import Conversations
from qa.ui.page.feedback import Feedback
from qa.ui.page.model_choice import Choice
from qa.ui.panels.welcome import Warmup, model_names, survey
from qa.ui.server.building import Builds
from qa.ui.server.notifier import Bell
from qa.ui.server.recent_answers import Kept
from qa.ui.server.sealing import Sealer
from qa.ui.server.waiting_line import Line
from qa.wiring import Parts


@dataclass(frozen=True, slots=True)
class Room:
    """The reading room.

    Attributes:
        settings: Folders, limits, names of models.
        warmup: The pipeline, and whether its models are loaded.
        choice: Of the generator.
        line: Before the answerer.
        builds: Bring the index up to date.
        bell: Rung when either has changed.
        sealer: For answers that browsers keep.
        feedback: What readers think of answers.
        kept: Answers by id.
        conversations: By session.
    """

    settings: Settings
    warmup: Warmup
    choice: Choice
    line: Line
    builds: Builds
    bell: Bell
    sealer: Sealer
    feedback: Feedback
    kept: Kept = field(default_factory=Kept)
    conversations: Conversations = field(default_factory=Conversations)

    @property
    def parts(self) -> Parts:
        """What answers now; after waiting in line, look again."""
        return self.warmup.parts

    def status(self) -> str:
        """One line: what answers, and from what."""
        library = survey(self.parts.index)
        if library.problem and self.builds.state.running and not self.warmup.failure:
            return "Indexing the articles…"
        if self.choice.state.doing:
            name = model_names(self.parts)["generator"]
            return f"{self.choice.state.doing} · {name} until then"
        return self.warmup.status(library)
