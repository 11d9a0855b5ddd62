"""Rules on how a contract text is built: its exhibits, its depth, its signers."""

import re
from collections.abc import Iterator

from dealdesk.clauses.lint.paper import Line, Paper
from dealdesk.clauses.lint.rule import Fault, Level, Rule
from dealdesk.clauses.lint.text_references import attached_names, exhibit_of

_DEEPEST = 5
_STEPS = re.compile(r"[.(]")
_SIGNED_FOR = re.compile(
    r"(?:signed|executed|agreed)?,? ?(?:for and on behalf of|on behalf of|for)\s+(.+?)[:.,]?$",
    re.IGNORECASE,
)
_PARTY_CELL = re.compile(
    r"(?:provider|supplier|vendor|customer|client|company)\s*:\s*(.+)", re.IGNORECASE
)
_FIELD = re.compile(r"[\[{_]")
_PARTIES = 2


def _uncited(paper: Paper) -> Iterator[Fault]:
    words = [line for line in paper.lines if exhibit_of(line) is None]
    for name, line in attached_names(paper).items():
        if not any(re.search(rf"\b{re.escape(name)}\b", other.text) for other in words):
            yield paper.place(line), f"{name} is attached, but nothing refers to it."


def _too_deep(paper: Paper) -> Iterator[Fault]:
    for line in paper.lines:
        steps = len(_STEPS.findall(line.label)) + 1 if line.label else 0
        if steps > _DEEPEST:
            yield paper.place(line), f"Section {line.label} lies {steps} levels deep."


def _signers(paper: Paper) -> Iterator[tuple[str, Line]]:
    """Yield each party that signs, from cells such as “PROVIDER: Name” and lines “for Name”."""
    for line in paper.lines:
        for cell in line.cells:
            if match := _PARTY_CELL.match(cell):
                yield match[1].strip(), line
        match = _SIGNED_FOR.fullmatch(line.text) if "sign" in line.topic.lower() else None
        if match and not line.cells:
            yield match[1].strip(), line


def _one_signer(paper: Paper) -> Iterator[Fault]:
    named = [(name, line) for name, line in _signers(paper) if not _FIELD.search(name)]
    names = {name.lower() for name, _ in named}
    if len(named) >= _PARTIES and len(names) == 1:
        name, line = named[1]
        yield paper.place(line), f"{name} signs for both parties."


RULES = (
    Rule(
        "exhibit-uncited",
        Level.WARNING,
        "An exhibit that no sentence takes in may be no part of the contract.",
        "Refer to it where it applies, or leave it out.",
        _uncited,
        "1. Support\n1.1 Times. Answers come within an hour.\nExhibit B\nAn hour.\n",
        "1. Support\n1.1 Times. The times are in Exhibit B.\nExhibit B\nAn hour.\n",
    ),
    Rule(
        "depth-over-five",
        Level.WARNING,
        "Numbers of more than five levels can't be cited without mistakes.",
        "Give the lowest level a section of its own.",
        _too_deep,
        "1.1.1.1.1.1 Times. Answers come within an hour.\n",
        "1.1.1.1.1 Times. Answers come within an hour.\n",
    ),
    Rule(
        "signer-twice",
        Level.ERROR,
        "A contract has two parties, and each signs once.",
        "Name the other party in its own block.",
        _one_signer,
        "Signatures\nSigned for Example Cloud Inc.\nSigned for Example Cloud Inc.\n",
        "Signatures\nSigned for Example Cloud Inc.\nSigned for Sample Freight Cooperative\n",
    ),
)
