"""Words of lists and patterns, each misspelt in turn to see that a row notices.

A list or pattern is an assignment of a module. Those that are made of a misspelt one
are made anew, in the modules that import it too, and all are put back afterwards.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from functools import cached_property, lru_cache
from pathlib import Path
from types import ModuleType, SimpleNamespace

Check = tuple[Callable[[str, str], bool], str, str]
"""What tells whether a row holds, the row's text, and what is made of it."""

_NO_WORD = r"\\.|\(\?P[<=]\w+[>)]|\(\?-?[a-z]+:|\[(?:\\.|[^\]])*\]"
_WORD = re.compile(rf"{_NO_WORD}|([A-Za-z]+)", re.DOTALL)
_compiled = lru_cache(maxsize=None)(re.compile)


class _Lazy:
    """A pattern that is compiled when something is first searched for with it."""

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self.pattern, self.flags = pattern, flags

    @cached_property
    def _made(self) -> re.Pattern[str]:
        return _compiled(self.pattern, self.flags)

    def __getattr__(self, name: str) -> object:
        return getattr(self._made, name)


_LAZY_RE = SimpleNamespace(**vars(re) | {"compile": _Lazy})


def rows_of(path: Path) -> list[tuple[str, str]]:
    """The rows of a table: a text, `` => ``, and what is made of it."""
    lines = path.read_text(encoding="utf-8").splitlines()
    parts = (line.partition(" =>") for line in lines if line and line[0] != "#")
    return [(text, expected.strip()) for text, _, expected in parts]


def unnoticed(
    module: ModuleType, checks: Sequence[Check], importing: Sequence[ModuleType] = ()
) -> list[str]:
    """The words that may be misspelt without any row noticing.

    Args:
        module: Whose assignments have the words.
        checks: All of them hold while nothing is misspelt.
        importing: Modules that import what is made of the words.
    """
    checks, found = list(checks), []
    assert [check[1:] for check in checks if not _holds(check)] == []
    for name, word in _each_misspelt(module, importing):
        failing = (i for i, check in enumerate(checks) if not _holds(check))
        if (first := next(failing, None)) is None:
            found.append(f"{name}: {word}")
        else:  # rows stand in the order of the words
            checks = checks[first:] + checks[:first]
    return found


def _holds(check: Check) -> bool:
    holds, text, expected = check
    try:
        return holds(text, expected)
    except (LookupError, ValueError):
        return False


def _each_misspelt(
    module: ModuleType, importing: Sequence[ModuleType]
) -> Iterator[tuple[str, str]]:
    """Misspell each word; give the name of its assignment, and the word."""
    own = _assignments(module)
    others = [(other, _assignments(other)) for other in importing]
    for place, node in enumerate(own):
        for changed, word in _misspelt(node):
            with _as_before([module, *importing]):
                made = _make(module, [changed, *own[place + 1 :]], set())
                for other, assignments in others:
                    taken = {name for name in made if name in vars(other)}
                    taken = {n for n in taken if n.isupper() and n[0] != "_"}
                    vars(other).update((n, vars(module)[n]) for n in taken)
                    _make(other, assignments, taken)
                yield ", ".join(_names(node, ast.Store)), word


@contextmanager
def _as_before(modules: Sequence[ModuleType]) -> Iterator[None]:
    kept = [dict(vars(module)) for module in modules]
    for module in modules:
        vars(module)["re"] = _LAZY_RE
    try:
        yield
    finally:
        for module, before in zip(modules, kept, strict=True):
            vars(module).update(before)


def _make(module: ModuleType, nodes: Sequence[ast.stmt], changed: set[str]) -> set[str]:
    """Make anew the assignments that use what is changed; the first, if none is."""
    made = set(changed)
    for node in nodes:
        if not made or made & set(_names(node, ast.Load)):
            code = compile(ast.Module([node], []), module.__name__, "exec")
            exec(code, vars(module))
            made |= set(_names(node, ast.Store))
    return made


def _assignments(module: ModuleType) -> list[ast.stmt]:
    tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
    return [
        ast.Assign(
            node.targets if isinstance(node, ast.Assign) else [node.target],
            node.value,
            lineno=1,
            col_offset=0,
        )
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value
    ]


def _names(node: ast.stmt, context: type[ast.expr_context]) -> list[str]:
    names = [n for n in ast.walk(node) if isinstance(n, ast.Name)]
    return [name.id for name in names if isinstance(name.ctx, context)]


def _misspelt(node: ast.stmt) -> Iterator[tuple[ast.stmt, str]]:
    """An assignment with each of its words misspelt."""
    other = deepcopy(node)
    for text in ast.walk(other):
        if not (isinstance(text, ast.Constant) and isinstance(text.value, str)):
            continue
        whole = text.value
        for found in _WORD.finditer(whole):
            if word := found[1]:
                at = found.start() + 1
                text.value = f"{whole[:at]}q{whole[at:]}"
                yield other, f"{word} ({whole[max(0, at - 15) : at + 20]!r})"
        text.value = whole
