"""Rules on the defined terms of a contract text."""

import re
from collections import Counter
from collections.abc import Iterator

from dealdesk.clauses.lint.paper import Line, Paper, once
from dealdesk.clauses.lint.rule import Fault, Level, Rule

_QUOTED = r"[“\"]([A-Z][A-Za-z0-9&/’' -]{1,60}?),?[”\"]"
# Defined by "means", or in brackets after what it stands for, or by "is the/are the … “X”".
_MEANS = re.compile(
    _QUOTED + r"(?: or " + _QUOTED + r")?,?\s+(?:has the meaning|has the same meaning|refers to|"
    r"is defined|means?\b|shall mean|includes?\b|is\b|are\b)"
)
_BRACKET = re.compile(
    r"\((?:[^()]{0,60}?\b(?:the|each,? an?|an?|together,?(?: the)?|collectively,?(?: the)?)\s+)?"
    + _QUOTED
    + r"(?:[^()]{0,60})\)"
)
_QUOTE = re.compile(_QUOTED)
_WORD = r"[A-Z][a-z]+[A-Za-z]*(?:-[A-Z][a-z]+)?"
_PHRASE = re.compile(rf"\b{_WORD}(?: {_WORD})+\b")
_NEAR = 12  # how far back the beginning of a sentence is looked for
_START = re.compile(r"(?:^|[.;:!?]\s+|[“\"(]\s*|\|\s*|\)\s+|[–—]\s*)$")
# Words that carry capitals without being terms of the contract.
_NAME_WORDS = """
    january february march april may june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday section sections clause clauses
    exhibit article articles schedule schedules annex annexes appendix appendices attachment
    part parts chapter page version united states kingdom america new york delaware
    california england wales european union economic area commission germany german
    switzerland ireland international federal act acts law laws regulation regulations
    directive code statute court courts state nations inc llc ltd limited gmbh plc
    corporation company ag trust bank internet english convention council arbitration
    uncitral incoterms internal revenue north south east west standard contractual rules
    department list county sale sales control accountability portability consolidated
    designated bribery foreign assets uniform information transaction security health
    insurance persons blocked specially nationals national office bureau labor statistics
    consumer price index inc
"""
_NAMES = frozenset(_NAME_WORDS.split())
_PART_OF = re.compile(
    r"\bthese [A-Z][\w ]{0,60} as incorporated into\b|\bcapitali[sz]ed terms\b[^.]{0,80}\bmeaning",
    re.IGNORECASE,
)
# Laws, bodies and published forms are named, not defined.
_COMPANY = re.compile(
    r",? (?:LLC|LLP|Inc|Ltd|Limited|Corp|PLC|plc|GmbH|AG|SE|SA|BV|B\.V\.|S\.A\.)\b"
)
# “Sample Freight Cooperative, a cooperative”: a party is named, not defined.
_KINDS_OF_PARTY = (
    r"(?:corporation|company|cooperative|partnership|association|foundation|agency|body)\b"
)
_ORGANISED = re.compile(rf"\b{_KINDS_OF_PARTY}")
_PARTY = re.compile(
    r"((?:[A-Z][\w&.’-]*\s){0,7}[A-Z][\w&.’-]*),? an? (?:[A-Z][a-z]+ )?(?:[a-z]+ )?"
    + _KINDS_OF_PARTY
)
_CALLED = re.compile(r",? \((?:the |an? |each )?[“\"]")  # what follows is its name in the text
_ROLES = frozenset({"Provider", "Customer", "Supplier", "Vendor", "Client", "Company"})
_NAMED = re.compile(r"(?:Act|Law|Department|List|Convention|Council|Version|Service Inc)$")
# Documents are named by what they are: a cover page, an order form, a policy.
_PAPERS = re.compile(
    r"\b(?:Page|Form|Addendum|Policy|Policies|Terms|Agreement|Exhibit|Schedule|Chart|"
    r"Statements? of Work|Orders?)$"
)
# “the Security Measures identified on the Cover Page”: the cover says what they are.
_ON_A_COVER = re.compile(
    r"\b(?:the|any|an?|each)\s+([A-Z][A-Za-z]+(?:[ -][A-Z][A-Za-z]+)*)[^.A-Z]{0,30}?"
    r"(?:identified|specified|set (?:out|forth)|stated|listed|described|defined)\s+"
    r"(?:on|in)\s+(?:the|an?|each)\s+(?:applicable )?(?:Cover Page|Order|Key Terms|SOW|Statement)"
)
_IN_BRACKETS = re.compile(r"\s*\([^()]*\)\s*$")
_SAMPLE = (
    "1. Notices\n1.1 How. “Notice Address” means the address in the order. Notices go to the "
    "Notice Address of the other party.\n"
)


def _singular(term: str) -> str:
    term = re.sub(r"[’']s?$", "", term.strip())
    if term.endswith("ies"):
        return term[:-3] + "y"
    return term[:-1] if term.endswith("s") and not term.endswith("ss") else term


@once
def definitions(paper: Paper) -> list[tuple[str, Line]]:
    """Return each definition with its line, in reading order."""
    found: list[tuple[str, Line]] = []
    for line in paper.lines:
        spans = set()
        for match in (*_MEANS.finditer(line.text), *_BRACKET.finditer(line.text)):
            for group, term in enumerate(match.groups(), 1):
                if term and match.span(group) not in spans:
                    spans.add(match.span(group))
                    found.append((term.strip(), line))
    return found


def known_terms(paper: Paper) -> frozenset[str]:
    """Return the terms that a text explains anywhere, in the singular."""
    quoted = (term for line in paper.lines for term in _QUOTE.findall(line.text))
    heads = (line.cells[0] for line in paper.lines if line.cells)
    titles = (line.heading for line in paper.lines if line.heading)
    bare = (_IN_BRACKETS.sub("", title).strip() for title in titles)
    covers = (term for line in paper.lines for term in _ON_A_COVER.findall(line.text))
    found = (*quoted, *heads, *bare, *covers, *paper.variables)
    return frozenset(_singular(_spelled(term)) for term in found)


def _spelled(term: str) -> str:
    """Return a term without what writers vary: “Third-Party” and “Third Party” are one."""
    return term.replace("-", " ")


def _uses(paper: Paper) -> Iterator[tuple[str, Line]]:
    for line in paper.lines:
        if line.heading == line.text or line.cells:
            continue
        for match in _PHRASE.finditer(line.text):
            before = line.text[max(0, match.start() - _NEAR) : match.start()]
            if any(pattern.search(match[0]) for pattern in (_NAMED, _PAPERS)):
                continue
            if any(p.match(line.text, match.end()) for p in (_COMPANY, _CALLED)):
                continue
            if not _START.search(before) and not line.heading.startswith(match[0]):
                yield match[0], line


def _is_known(phrase: str, known: frozenset[str], names: frozenset[str]) -> bool:
    """Tell whether a phrase is a known term or a row of known terms and names."""
    words = _spelled(phrase).split()
    if not words:
        return True
    for end in range(len(words), 0, -1):
        head = _singular(" ".join(words[:end]))
        is_name = end == 1 and (words[0].lower() in _NAMES or words[0] in names)
        if (head in known or is_name) and _is_known(" ".join(words[end:]), known, names):
            return True
    return False


def _party_words(paper: Paper) -> frozenset[str]:
    """Return the words of cover cells: names of parties and places are no terms."""
    cells = (" ".join(line.cells) for line in paper.lines if line.cells)
    about = (line.text for line in paper.lines if _ORGANISED.search(line.text))
    parties = (name for text in about for name in _PARTY.findall(text))
    return frozenset(re.findall(r"\w+", " ".join((*cells, *parties, paper.names))))


def _in_list(line: Line, phrase: str) -> bool:
    """Tell whether the phrase names a heading in brackets, “(Reservation of Rights)”."""
    return bool(re.search(r"\([^()]{0,200}" + re.escape(phrase) + r"[^()]{0,200}\)", line.text))


def _leans_on_another(paper: Paper) -> bool:
    """Tell whether the text says that it is part of another one, which may define its terms."""
    return any(_PART_OF.search(line.text) for line in paper.lines)


def _undefined(paper: Paper) -> Iterator[Fault]:
    if _leans_on_another(paper):
        return
    known, names = known_terms(paper), _party_words(paper)
    seen: dict[str, tuple[str, Line]] = {}
    for phrase, line in _uses(paper):
        if _singular(phrase) in seen or _is_known(phrase, known, names):
            continue
        if not _in_list(line, phrase):
            seen[_singular(phrase)] = (phrase, line)
    for phrase, line in seen.values():
        yield paper.place(line), f"“{phrase}” is used as a defined term, but nothing defines it."


def _counted(paper: Paper) -> Iterator[tuple[str, Line, int]]:
    """Yield each term with the line of its last definition, and how often it stands in the text."""
    words = "\n".join(line.text for line in paper.lines)
    for term, line in dict(definitions(paper)).items():
        stem = _singular(term).removesuffix("y")
        yield term, line, _count(stem, words)


def _count(stem: str, words: str) -> int:
    """Return how often words begin with a stem; plain search is faster than a pattern for each."""
    count, at = 0, words.find(stem)
    while at >= 0:
        if at == 0 or not (words[at - 1].isalnum() or words[at - 1] == "_"):
            count += 1
        at = words.find(stem, at + 1)
    return count


def _unused(paper: Paper) -> Iterator[Fault]:
    for term, line, count in _counted(paper):
        if count < 2:  # noqa: PLR2004 - its definition and one use
            yield paper.place(line), f"“{term}” is defined and never used."


def _twice(paper: Paper) -> Iterator[Fault]:
    found = definitions(paper)
    counts = Counter(term for term, _ in found)
    first: dict[str, Line] = {}
    for term, line in found:
        if counts[term] > 1 and term in first:
            where = first[term].label or f"line {first[term].number}"
            yield paper.place(line), f"“{term}” is defined here and in {where}."
        first.setdefault(term, line)


def _once(paper: Paper) -> Iterator[Fault]:
    for term, line, count in _counted(paper):
        if count == 2 and term not in _ROLES:  # noqa: PLR2004 - its definition and one use
            yield paper.place(line), f"“{term}” is defined for a single use."


def _overlap(paper: Paper) -> Iterator[Fault]:
    """Yield a term that is another with a word before it: “Service” beside “Cloud Service”."""
    found = {_singular(term): (term, line) for term, line in definitions(paper)}
    for stem, (term, line) in found.items():
        shorter = next((found[o][0] for o in found if o != stem and stem.endswith(f" {o}")), None)
        if shorter:
            yield paper.place(line), f"“{term}” and “{shorter}” are both defined terms."


_ON_COVER = re.compile(
    r"\b(?:cover|order|key terms|summary|table|above|below|form)\b", re.IGNORECASE
)
_COVER_CELLS = 2


def _shadowed(paper: Paper) -> Iterator[Fault]:
    """Yield a definition in the text of what a row of the cover sets, unless it points there."""
    rows = {
        _singular(line.cells[0]): line
        for line in paper.lines
        if len(line.cells) == _COVER_CELLS and line.cells[0] and not line.label
    }
    for term, line in definitions(paper):
        row = rows.get(_singular(term))
        if row is not None and row is not line and not line.cells and _says_more(term, line.text):
            yield paper.place(line), f"“{term}” is defined here and set in line {row.number}."


def _says_more(term: str, text: str) -> bool:
    """Tell whether the sentence that defines a term gives a meaning of its own."""
    own = re.search(rf"[“\"]{re.escape(term)},?[”\"] (?:means?|shall mean)\b[^.]*", text)
    return own is not None and not _ON_COVER.search(own[0])


_PURE = re.compile(r"[“\"]([A-Z][^”\"]{1,80})[”\"] means (?:the |an? )?([A-Z][A-Za-z ]+?)\.")


def _circular(paper: Paper) -> Iterator[Fault]:
    means = {m[1]: (m[2], line) for line in paper.lines for m in _PURE.finditer(line.text)}
    for term, (other, line) in means.items():
        back = means.get(other)
        if back and back[0] == term and term < other:
            yield paper.place(line), f"“{term}” and “{other}” are defined by each other."


RULES = (
    Rule(
        "undefined-term",
        Level.ERROR,
        "A term with capitals is used as if it were defined.",
        "Define it, or write it without capitals.",
        _undefined,
        "1. Notices\n1.1 How. Each notice is sent to the Notice Address of the other party.\n",
        _SAMPLE,
    ),
    Rule(
        "unused-definition",
        Level.WARNING,
        "A definition that nothing uses is a leftover, or its use has another name.",
        "Remove it, or use it.",
        _unused,
        "1. Terms\n1.1 “Fix Period” means ten days.\n1.2 The supplier repairs faults.\n",
        _SAMPLE,
    ),
    Rule(
        "duplicate-definition",
        Level.ERROR,
        "A term that is defined twice has two meanings.",
        "Keep one definition.",
        _twice,
        "1. Terms\n1.1 “Agreement” means this form.\n1.2 “Agreement” means the order. "
        "The Agreement binds.\n",
        _SAMPLE,
    ),
    Rule(
        "circular-definition",
        Level.ERROR,
        "Two terms that mean each other mean nothing.",
        "Define one of them in words of its own.",
        _circular,
        "1. Terms\n1.1 “Service” means the Product.\n1.2 “Product” means the Service.\n",
        _SAMPLE,
    ),
    Rule(
        "term-used-once",
        Level.INFO,
        "A term with one use costs the reader a look-up for nothing.",
        "Say it where it is used.",
        _once,
        "1. Terms\n1.1 “Fix Period” means ten days. Faults are repaired in the Fix Period.\n",
        "1. Terms\n1.1 “Fix Period” means ten days. Faults are repaired in the Fix Period. After "
        "the Fix Period the customer may end the contract.\n",
    ),
    Rule(
        "terms-overlap",
        Level.INFO,
        "Two terms that share their last words are taken for each other.",
        "Make sure that each use means the right one, or rename one.",
        _overlap,
        "1. Terms\n1.1 “Service” means the product. “Cloud Service” means its hosted part. The "
        "Service and the Cloud Service are ours.\n",
        "1. Terms\n1.1 “Service” means the product. “Fees” means its price. The Fees are for the "
        "Service.\n",
    ),
    Rule(
        "term-shadowed",
        Level.WARNING,
        "What the cover sets and the text defines has two meanings.",
        "Let the definition point to the cover, or take the row out.",
        _shadowed,
        "Fees | USD 100\n1. Terms\n1.1 “Fees” means what the price list says. The Fees are due.\n",
        "Fees | USD 100\n1. Terms\n1.1 “Fees” means the sum on the cover page. The Fees are due.\n",
    ),
)
