"""Rules on the cross-references of a contract text, resolved through its numbering."""

import re
from collections.abc import Iterator

from dealdesk.clauses.lint.paper import Line, Paper
from dealdesk.clauses.lint.rule import Fault, Level, Rule
from dealdesk.kernel.errors import Place

_REF = re.compile(
    r"\b(?:Section|Sections|Clause|Article)\s+(\d{1,2}(?:\.\d{1,2})*(?:\([a-z]{1,4}\))*)"
    r"(?:\s+\(([A-Z][^()]{2,70})\))?(?P<after>(?:\s+(?:of|to)\s+(?:the|this|that|its|our)?\s*\w+)?)"
)
_LISTS = re.compile(r"\b[Ss]ections?\b")
_FURTHER = re.compile(
    r"(?:(?<=, )|(?<=: )|(?<=and )|(?<=or ))(\d{1,2}(?:\.\d{1,2})*)"
    r"\s+\(([A-Z][^()]{2,70})\)(?P<after>)"
)
_ELSEWHERE = re.compile(
    r"\s+(?:of|to)\s+(?:the|that|its|our)\s+(?!Agreement|Terms\b|contract|agreement)", re.IGNORECASE
)
_ATTACHED = re.compile(
    r"\b(Exhibit|Schedule|Annex|Appendix|Attachment)\s+([A-Z]|[IVX]{1,4}|\d{1,2})\b"
)
_TITLE = 90  # an exhibit's first line is its title, not a sentence about it
_ENOUGH = 3  # a text with fewer numbers has no numbering to check against
_SAMPLE = (
    "1. Term\n1.1 Length. One year.\n1.2 End. Either party may end under Section 2.1 (Cure).\n"
    "2. Breach\n2.1 Cure. Thirty days.\n2.2 Survival. Section 1 (Term) survives the end.\n"
)


def references(paper: Paper) -> Iterator[tuple[Line, re.Match[str]]]:
    """Yield each plain-text reference into this text with its line.

    In a list only the first has the word: “Sections 16.1 (Cap) and 16.2 (Waiver)”.
    """
    for line in paper.lines:
        for match in _REF.finditer(line.text):
            if not _ELSEWHERE.match(match["after"] or ""):
                yield line, match
        if _LISTS.search(line.text):
            for match in _FURTHER.finditer(line.text):
                yield line, match


Labels = dict[tuple[int, str], Line]
_ANY = -1  # the part under which a label's first line stands, whichever document it is in


def _target(label: str, part: int, labels: Labels) -> Line | None:
    """Return where a reference leads: in its own document, else in the first that has it."""
    return labels.get((part, label)) or labels.get((_ANY, label))


def _checked(paper: Paper) -> Labels:
    labels = paper.labels()
    if len(labels) < _ENOUGH:
        return {}
    anywhere: Labels = {}
    for (_, label), line in labels.items():
        anywhere.setdefault((_ANY, label), line)
    return labels | anywhere


def _has_inline(label: str, part: int, labels: Labels) -> bool:
    """Tell whether “8.1(a)” is an item inside the sentence of 8.1."""
    number, _, letter = label.partition("(")
    above = _target(number, part, labels) if letter else None
    return above is not None and f"({letter}" in above.text


def _missing(paper: Paper) -> Iterator[tuple[Line, str]]:
    labels = _checked(paper)
    for line, match in references(paper) if labels else ():
        label = match[1]
        if _target(label, line.part, labels) is None and not _has_inline(label, line.part, labels):
            yield line, label


def _survives(line: Line) -> bool:
    return "surviv" in line.text.lower()


def _broken(paper: Paper) -> Iterator[Fault]:
    for line, label in _missing(paper):
        if not _survives(line):
            yield paper.place(line), f"There is no section {label}."


def _survival(paper: Paper) -> Iterator[Fault]:
    for line, label in _missing(paper):
        if _survives(line):
            yield paper.place(line), f"Section {label}, which is to survive, does not exist."


def _bare(words: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", words.lower().replace("&", "and")).strip()


def _mislabelled(paper: Paper) -> Iterator[Fault]:
    labels = _checked(paper)
    headed = {
        (line.part, _bare(line.heading)): line
        for line in paper.lines
        if line.heading and line.label
    }
    for line, match in references(paper):
        target = _target(match[1], line.part, labels)
        if target is None or not match[2] or not target.heading:
            continue
        if _bare(match[2]) != _bare(target.heading):
            yield (
                paper.place(line),
                _mismatch(match, target, headed.get((line.part, _bare(match[2])))),
            )


def _mismatch(match: re.Match[str], target: Line, meant: Line | None) -> str:
    text = f"“Section {match[1]} ({match[2]})” leads to “{target.heading}”"
    return f"{text}; “{meant.heading}” is section {meant.label}." if meant else f"{text}."


def exhibit_of(line: Line) -> str | None:
    """Return the name of the exhibit that a line is the title of, such as “Exhibit B”."""
    match = _ATTACHED.match(line.text)
    return " ".join(match[0].split()) if match and len(line.text) <= _TITLE else None


def attached_names(paper: Paper) -> dict[str, Line]:
    """Return the exhibits that stand in the text, by name, with their title lines."""
    found: dict[str, Line] = {}
    for line in paper.lines:
        if name := exhibit_of(line):
            found.setdefault(name, line)
    return found


def _unattached(paper: Paper) -> Iterator[Fault]:
    heads = attached_names(paper)
    seen = set()
    for line in paper.lines:
        for match in _ATTACHED.finditer(line.text):
            name = " ".join(match[0].split())
            if name not in heads and name not in seen and not _is_foreign(line.text, match):
                seen.add(name)
                yield paper.place(line), f"{name} is cited, but not attached."


def _is_foreign(text: str, match: re.Match[str]) -> bool:
    """Tell an annex of a law or of standard clauses from one of this text."""
    return bool(
        re.match(
            r"\s*(?:\(|of|to) ?(?:the )?(?:\w+ )?(?:EU|Directive|Regulation|Standard|SCC|UK)",
            text[match.end() :],
        )
    )


def _same_heading(paper: Paper) -> Iterator[Fault]:
    seen: dict[tuple[int, str, str], Line] = {}
    for line in paper.lines:
        if not line.heading or not line.label or line.heading.startswith(("“", '"')):
            continue
        parent = re.split(r"\.\d+$|\(", line.label)[0] if "." in line.label else ""
        first = seen.setdefault((line.part, parent, line.heading), line)
        if first is not line and first.label != line.label:
            yield paper.place(line), f"“{line.heading}” also heads section {first.label}."


def _dead_links(paper: Paper) -> Iterator[Fault]:
    lines = {line.number: line for line in paper.lines}
    anchors = {anchor.lower() for anchor in paper.anchors}
    for number, target in paper.links:
        if target.lower() not in anchors:
            line = lines.get(number)
            place = paper.place(line) if line else Place(paper.file, number)
            yield place, f"The link “#{target}” leads nowhere."


RULES = (
    Rule(
        "ref-broken",
        Level.ERROR,
        "A reference has to lead to a section that exists.",
        "Name the section that is meant.",
        _broken,
        _SAMPLE.replace("Section 2.1 (Cure)", "Section 7.9"),
        _SAMPLE,
    ),
    Rule(
        "survival-missing",
        Level.ERROR,
        "A survival list names sections that have to exist.",
        "Remove it from the list, or name the section that is meant.",
        _survival,
        _SAMPLE.replace("Section 1 (Term) survives", "Section 9 (Audit) survives"),
        _SAMPLE,
    ),
    Rule(
        "label-heading",
        Level.WARNING,
        "The name after a reference has to be the heading of its section.",
        "Correct the number or the name.",
        _mislabelled,
        _SAMPLE.replace("(Cure)", "(Remedies)"),
        _SAMPLE,
    ),
    Rule(
        "exhibit-missing",
        Level.WARNING,
        "An exhibit that is cited has to be attached.",
        "Attach it, or remove the reference.",
        _unattached,
        "1. Support\n1.1 Times. The times are in Exhibit B.\n",
        "1. Support\n1.1 Times. The times are in Exhibit B.\nExhibit B\nAn hour.\n",
    ),
    Rule(
        "duplicate-heading",
        Level.WARNING,
        "Two sections with one heading are taken for each other.",
        "Give each a heading of its own.",
        _same_heading,
        "1. Term\n1.1 Length. One year.\n2. Term\n2.1 Notice. A month.\n",
        _SAMPLE,
    ),
    Rule(
        "link-broken",
        Level.WARNING,
        "A link within the text has to lead to a place that exists.",
        "Correct its target.",
        _dead_links,
        "# Uptime\n\nSee [credits](#credit-table).\n\n## Credits\n",
        "# Uptime\n\nSee [credits](#credits).\n\n## Credits\n",
    ),
)
