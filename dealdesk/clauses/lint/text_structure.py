"""Rules on how a contract text is built: its exhibits, its depth, its order."""

import re
from collections.abc import Iterator

from dealdesk.clauses.lint.paper import Line, Paper
from dealdesk.clauses.lint.rule import Fault, Level, Rule
from dealdesk.clauses.lint.text_references import attached_names, exhibit_of

_DEEPEST = 5
_NEAR = 4  # a number further off is a figure that looks like one
_STEPS = re.compile(r"[.(]")


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


_OVER = re.compile(
    r"\b(?i:the|this|these)\s+([A-Z][\w ]{1,40}?)\s+(?:will |shall |does |do )?"
    r"(?:controls?|prevails?|takes? precedence)\s+over\s+"
    r"(?:the|this|these)\s+([A-Z][\w ]{1,40}?)(?=[,.;)]|$)"
)


def _both_first(paper: Paper) -> Iterator[Fault]:
    """Yield each sentence that puts one document first where another puts it last."""
    first: dict[tuple[str, str], Line] = {}
    for sentence, line in paper.sentences():
        for match in _OVER.finditer(sentence):
            higher, lower = match[1].strip(), match[2].strip()
            if (lower, higher) in first:
                where = first[lower, higher].label or f"line {first[lower, higher].number}"
                text = f"The {higher} comes before the {lower} here, after it in {where}."
                yield paper.place(line), text, sentence
            first.setdefault((higher, lower), line)


def _skipped(paper: Paper) -> Iterator[Fault]:
    """Yield each number that follows another of its level but not the next one."""
    last: dict[tuple[int, str], int] = {}
    for line in paper.lines:
        match = re.fullmatch(r"((?:\d+\.)*)(\d+)", line.label)
        if match is None:
            continue
        key, number = (line.part, match[1]), int(match[2])
        before = last.get(key)
        if before is not None and before + 1 < number <= before + _NEAR:
            yield paper.place(line), f"Section {line.label} follows {match[1]}{before}."
        last[key] = number


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
        "precedence-circle",
        Level.ERROR,
        "Of two documents one comes first.",
        "Keep one of the two orders.",
        _both_first,
        "1. Order\n1.1 First. The Order Form prevails over the Terms.\n"
        "2. Other\n2.1 Last. The Terms prevail over the Order Form.\n",
        "1. Order\n1.1 First. The Order Form prevails over the Terms.\n"
        "2. Other\n2.1 Last. The Terms prevail over the Documentation.\n",
    ),
    Rule(
        "number-skipped",
        Level.WARNING,
        "A number that is left out shows that a section is missing.",
        "Put the section back, or number on.",
        _skipped,
        "1. Term\n1.1 Length. One year.\n1.3 End. Either party may end it.\n",
        "1. Term\n1.1 Length. One year.\n1.2 End. Either party may end it.\n",
    ),
)
