"""Rules on who does what in a contract text: obligors, and who signs."""

import re
from collections.abc import Iterator

from dealdesk.clauses.lint.paper import Line, Paper
from dealdesk.clauses.lint.rule import Fault, Level, Rule

_PARTY = r"(Provider|Supplier|Vendor|Company|Customer|Client|Licensor|Licensee)"
_REFUNDS = re.compile(rf"\b{_PARTY}\b[^.]{{0,60}}\brefund[^.]{{0,60}}\bthat \1 (?:has )?paid")
# “Provider will indemnify Provider”; what belongs to a party (“Provider’s …”) is another thing.
_OWN = re.compile(
    rf"\b{_PARTY} (?:will|shall|must) (?:promptly )?(?:indemnify|reimburse|refund|pay|credit|"
    r"notify|hold harmless|defend) \1\b(?!’s|'s| Affiliate| Content| Data)"
)
_SIGNED_FOR = re.compile(
    r"(?:signed|executed|agreed)?,? ?(?:for and on behalf of|on behalf of|for)\s+(.+?)[:.,]?$",
    re.IGNORECASE,
)
_PARTY_CELL = re.compile(
    r"(?:provider|supplier|vendor|customer|client|company)\s*:\s*(.+)", re.IGNORECASE
)
_BLANK = re.compile(r"[\[_]{2}|^[\[_]|^\{\}")
_ROLE_CELL = re.compile(r"(provider|supplier|vendor|customer|client)\s*:", re.IGNORECASE)
_PARTIES = 2


def _against_itself(paper: Paper) -> Iterator[Fault]:
    for sentence, line in paper.sentences():
        match = _REFUNDS.search(sentence) if "refund" in sentence else None
        if match:
            text = f"{match[1]} would refund what it paid itself."
            yield paper.place(line), text, sentence
        elif match := _OWN.search(sentence):
            yield paper.place(line), f"{match[1]} would owe this to itself.", sentence


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
    named = [(name, line) for name, line in _signers(paper) if not _BLANK.search(name)]
    names = {name.lower() for name, _ in named}
    if len(named) >= _PARTIES and len(names) == 1:
        name, line = named[1]
        yield paper.place(line), f"“{name}” signs for both parties."


def _one_role(paper: Paper) -> Iterator[Fault]:
    for line in paper.lines:
        roles = [m[1].lower() for cell in line.cells if (m := _ROLE_CELL.match(cell))]
        if len(roles) >= _PARTIES and len(set(roles)) == 1:
            yield paper.place(line), f"Both blocks are the {roles[0]}’s."


RULES = (
    Rule(
        "party-swapped",
        Level.ERROR,
        "Nobody owes to itself, or refunds what it paid itself.",
        "Name the other party.",
        _against_itself,
        "1. End\n1.1 Refund. Provider will refund all fees that Provider paid.\n",
        "1. End\n1.1 Refund. Provider will refund all fees that Customer paid.\n",
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
    Rule(
        "signature-role-twice",
        Level.ERROR,
        "Of two signature blocks one is the provider's and one the customer's.",
        "Correct the block of the other party.",
        _one_role,
        "Signatures\nProvider: Example Cloud Inc. | Provider: Sample Freight\n",
        "Signatures\nProvider: Example Cloud Inc. | Customer: Sample Freight\n",
    ),
)
