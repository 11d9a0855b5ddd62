"""Rules on what a contract text promises in two places: notices, law, caps, health data."""

import re
from collections.abc import Iterator
from decimal import Decimal

from dealdesk.clauses.lint.paper import Line, Paper
from dealdesk.clauses.lint.rule import Fault, Level, Rule

_HOURS = re.compile(
    r"\b(?:within|than|in)\s+(?:[a-z-]+ \()?(\d{1,3})\)?\s+(hours?|days?)\b", re.IGNORECASE
)
_BREACH = re.compile(
    r"\b(?:breach|incident|intrusion|unauthori[sz]ed access|personal data breach)\b", re.IGNORECASE
)
_NOTIFY = re.compile(r"\b(?:notif\w+|tells?|informs?|reports?|notice)\b", re.IGNORECASE)
_NO_BREACH = re.compile(r"breach (?:of|or default)|material breach|cure|terminat", re.IGNORECASE)
_LAW = re.compile(
    r"\bgoverned by,?\s+(?:and \w+ (?:under|in accordance with),?\s+)?"
    r"(?:the )?(?:laws? of )?(?:the )?"
    r"(?:State of |law of )?([A-Z][A-Za-z]+(?: (?:and )?[A-Z][A-Za-z]+)*)"
)
_MONEY = re.compile(r"(?:USD|US\$|\$|EUR|€|GBP|£)\s?(\d[\d,]*(?:\.\d+)?)(?:\s?(million|M)\b)?")
_SUPER = re.compile(
    r"\b(?:super-?cap|higher cap|increased cap|enhanced cap|increased (?:liability )?limit|"
    r"takes? the place of the general cap|data breach)",
    re.IGNORECASE,
)
_UNCAPPED = re.compile(
    r"\b(?:without limit|unlimited|do(?:es)? not limit|not (?:be )?limited|no limit|uncapped)",
    re.IGNORECASE,
)
_LIMITS = re.compile(
    r"\b(?:will|shall|does|do|may)? ?not (?:be more than|exceed)|\bis limited to|\bcap(?:ped)?\b|"
    r"\breaches\b|\bup to\b",
    re.IGNORECASE,
)
_TIMES = re.compile(r"\b(\d+(?:\.\d+)?)\s?(?:x\b|times\b)", re.IGNORECASE)
_CYBER = re.compile(
    r"\b(?:cyber|errors and omissions|E&O|technology|professional)\b", re.IGNORECASE
)
_PHI = r"\b(?:protected health information|PHI|health (?:data|information|records))\b"
_FORBIDS = re.compile(
    r"\b(?:will not|must not|may not|shall not|keeps?|prohibited|never)\b[^.]{0,120}?" + _PHI,
    re.IGNORECASE,
)
_ALLOWS_PHI = re.compile(r"\bbusiness associate\b", re.IGNORECASE)
_CLASSES = ("confidential", "customer data", "data breach", "security", "infring", "indemnif")


def _breach_hours(paper: Paper) -> Iterator[Fault]:
    first: tuple[int, Line] | None = None
    for sentence, line in paper.sentences():
        found = _HOURS.search(sentence)
        if not (found and _BREACH.search(sentence) and _NOTIFY.search(sentence)):
            continue
        if _NO_BREACH.search(sentence):
            continue
        hours = int(found[1]) * (24 if found[2].lower().startswith("day") else 1)
        if first and hours != first[0]:
            where = first[1].label or f"line {first[1].number}"
            text = f"A breach is notified within {hours} hours here, but {first[0]} in {where}."
            yield paper.place(line), text, sentence
        first = first or (hours, line)


def _laws(paper: Paper) -> Iterator[Fault]:
    first: tuple[str, Line] | None = None
    for line in paper.lines:
        for match in _LAW.finditer(line.text):
            law = match[1].removesuffix(" law")
            if law.startswith(
                ("Framework", "Agreement", "Terms", "Section", "Governing", "Standard")
            ):
                continue
            if first and law != first[0]:
                where = first[1].label or f"line {first[1].number}"
                text = f"The law of {law} governs here, that of {first[0]} in {where}."
                yield paper.place(line), text
            first = first or (law, line)


def _amounts(text: str) -> list[Decimal]:
    return [
        Decimal(figure.replace(",", "")) * (1_000_000 if scale else 1)
        for figure, scale in _MONEY.findall(text)
    ]


def _over_insured(paper: Paper) -> Iterator[Fault]:
    insured = [
        amount
        for line in paper.about("insurance")
        if _CYBER.search(line.text)
        for amount in _amounts(line.text)
    ]
    for line in paper.about("liability", "damages") if insured else ():
        for amount in _amounts(line.text):
            if _SUPER.search(f"{line.topic} {line.text}") and amount > max(insured):
                text = f"The higher cap reaches {amount:,}, the insurance {max(insured):,}."
                yield paper.place(line), text


def _cap_of(sentence: str) -> tuple[str, Decimal] | None:
    """Return a cap in a sentence as its kind and figure: a sum, or times the fees."""
    if not _LIMITS.search(sentence):
        return None
    if amounts := _amounts(sentence):
        return "sum", amounts[0]
    times = _TIMES.search(sentence)
    return ("times", Decimal(times[1])) if times and "fees" in sentence.lower() else None


def _super_below(paper: Paper) -> Iterator[Fault]:
    """Yield a higher cap that is lower than the general one; unlike kinds are not compared."""
    general: dict[str, tuple[Decimal, Line]] = {}
    for sentence, line in paper.sentences():
        cap = _cap_of(sentence) if "liab" in f"{line.topic} {sentence}".lower() else None
        if cap is None:
            continue
        kind, figure = cap
        if not _SUPER.search(f"{line.heading} {sentence}"):
            general.setdefault(kind, (figure, line))
        elif kind in general and figure < general[kind][0]:
            where = general[kind][1].label or f"line {general[kind][1].number}"
            text = f"The higher cap of {figure:,} lies below the cap of {general[kind][0]:,}"
            yield paper.place(line), f"{text} in {where}.", sentence


def _health(paper: Paper) -> Iterator[Fault]:
    if not any(_ALLOWS_PHI.search(line.text) for line in paper.lines):
        return
    for sentence, line in paper.sentences():
        if _FORBIDS.search(sentence) and not re.search(r"unless|except", sentence, re.IGNORECASE):
            text = (
                "Health data is forbidden here, while a business associate agreement takes it in."
            )
            yield paper.place(line), text, sentence


def _two_caps(paper: Paper) -> Iterator[Fault]:
    higher: dict[str, tuple[str, Line]] = {}
    limitless: dict[str, tuple[str, Line]] = {}
    for sentence, line in ((s, li) for s, li in paper.sentences() if "liab" in li.topic.lower()):
        target = (
            limitless if _UNCAPPED.search(sentence) else higher if _SUPER.search(sentence) else None
        )
        if target is None:
            continue
        for name in _CLASSES:
            if name in sentence.lower():
                target.setdefault(name, (sentence, line))
    for name in higher.keys() & limitless.keys():
        text = f"Claims about “{name}” have a higher cap and no cap at all."
        sentence, line = limitless[name]
        yield paper.place(line), text, sentence


RULES = (
    Rule(
        "breach-hours-differ",
        Level.ERROR,
        "One breach has one time for its notice.",
        "Make the times equal, or say which document comes first.",
        _breach_hours,
        "1. Security\n1.1 Notice. Provider notifies Customer of a breach within 72 hours.\n"
        "2. Health\n2.1 Notice. Provider notifies Customer of a breach within 24 hours.\n",
        "1. Security\n1.1 Notice. Provider notifies Customer of a breach within 72 hours.\n"
        "2. Cure\n2.1 Notice. A party cures a breach of its duties within 30 days of notice.\n",
    ),
    Rule(
        "law-conflict",
        Level.ERROR,
        "A contract has one governing law.",
        "Keep one of them.",
        _laws,
        "1. Law\n1.1 Law. This contract is governed by the laws of Delaware.\n"
        "2. Law\n2.1 Law. It is governed by the laws of England.\n",
        "1. Law\n1.1 Law. This contract is governed by the laws of Delaware.\n",
    ),
    Rule(
        "supercap-over-insured",
        Level.WARNING,
        "A higher cap above the insured limit is paid from own funds.",
        "Lower the cap, raise the cover, or let risk decide.",
        _over_insured,
        "1. Liability\n1.1 Data. For data breach the higher cap is USD 6,000,000.\n"
        "2. Insurance\n2.1 Cyber. Cyber cover is USD 5,000,000.\n",
        "1. Liability\n1.1 Data. For data breach the higher cap is USD 5,000,000.\n"
        "2. Insurance\n2.1 Cyber. Cyber cover is USD 5,000,000.\n",
    ),
    Rule(
        "supercap-below-cap",
        Level.ERROR,
        "A higher cap lies above the general one.",
        "Correct one of the two figures.",
        _super_below,
        "1. Liability\n1.1 Cap. Liability will not exceed USD 500,000.\n"
        "1.2 Data. For a data breach the higher cap is USD 250,000.\n",
        "1. Liability\n1.1 Cap. Liability will not exceed USD 500,000.\n"
        "1.2 Data. For a data breach the higher cap is USD 1,000,000.\n",
    ),
    Rule(
        "prohibited-data-vs-phi",
        Level.ERROR,
        "Health data can't be forbidden and processed under one contract.",
        "Switch the prohibition off for health data.",
        _health,
        "1. Data\n1.1 Limits. Customer will not upload protected health information.\n"
        "2. Health\n2.1 Role. Provider is a business associate.\n",
        "1. Data\n1.1 Limits. Customer will not upload card data.\n"
        "2. Health\n2.1 Role. Provider is a business associate.\n",
    ),
    Rule(
        "claim-class-in-two-caps",
        Level.ERROR,
        "Each class of claims has exactly one cap.",
        "Name the class under one cap only.",
        _two_caps,
        "1. Liability\n1.1 Data. The higher cap applies to breach of confidentiality.\n"
        "1.2 Open. Liability for breach of confidentiality is unlimited.\n",
        "1. Liability\n1.1 Data. The higher cap applies to breach of confidentiality.\n"
        "1.2 Open. Liability for fraud is unlimited.\n",
    ),
)
