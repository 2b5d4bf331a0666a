"""Evidence and a question to a prompt, from the templates in ``prompts/``.

A template is a Markdown file of chat messages, each under ``# system``,
``# user`` or ``# assistant``. What never changes stands first, so that the
generator can reuse what it has already read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile
from pathlib import Path
from string import Template
from typing import Literal, cast

from qa.errors import SettingsError
from qa.schema import Message, Prompt

_ROLE = re.compile(r"^# (\w+)[ \t]*\n", re.MULTILINE)
_Role = Literal["system", "user", "assistant"]
_ROLES: frozenset[str] = frozenset({"system", "user", "assistant"})
ANSWER_VARIABLES = frozenset({"evidence", "question"})


def find_prompts() -> Path:
    """The folder of templates: in the wheel beside this file, or the checkout's."""
    package = Path(__file__).parents[1]
    packaged = package / "prompts"
    return packaged if packaged.is_dir() else package.parent / "prompts"


class PromptTemplate:
    """A parsed template whose variables are exactly the expected ones.

    Args:
        path: The file.
        variables: Names that the template must use, all and no others.

    Raises:
        SettingsError: The file is missing or is not such a template.
    """

    def __init__(self, path: Path, variables: frozenset[str]) -> None:
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as exc:
            raise SettingsError(f"{path}: cannot be read ({exc})") from exc
        _, *parts = _ROLE.split(text)
        roles, bodies = parts[::2], [body.strip() for body in parts[1::2]]
        if not roles or not _ROLES.issuperset(roles) or roles[-1] != "user":
            raise SettingsError(
                f"{path}: needs messages under `# system`, `# user`, `# assistant`, "
                "a user's last"
            )
        used = {name for body in bodies for name in _identifiers(body, path)}
        for name in sorted(used ^ variables):
            fault = "does not use" if name in variables else "uses the unknown"
            raise SettingsError(f"{path}: {fault} variable ${name}")
        self._messages = [
            (role, Template(body)) for role, body in zip(roles, bodies, strict=True)
        ]

    @property
    def opening(self) -> tuple[Message, ...]:
        """The messages before the first variable: they begin every prompt."""
        constant = takewhile(lambda m: not m[1].get_identifiers(), self._messages)
        return tuple(
            Message(cast("_Role", role), body.substitute()) for role, body in constant
        )

    def render(self, **values: str) -> Prompt:
        """Fill in the variables."""
        return Prompt(
            tuple(
                Message(cast("_Role", role), body.substitute(values))
                for role, body in self._messages
            )
        )


def _identifiers(body: str, path: Path) -> list[str]:
    template = Template(body)
    if not template.is_valid():
        raise SettingsError(f"{path}: has a lone $; write $$ for the sign itself")
    return template.get_identifiers()


def answer_prompt(
    template: PromptTemplate, question: str, sentences: Sequence[str]
) -> Prompt:
    """Number the sentences from 1, one a line, and ask the question after them."""
    lines = "\n".join(f"[{n}] {_one_line(text)}" for n, text in enumerate(sentences, 1))
    return template.render(evidence=lines, question=_one_line(question))


def _one_line(text: str) -> str:
    return " ".join(text.split())
