"""Rules on remedies, courts and renewal in a contract text: what two sentences say of one thing."""

import re
from collections.abc import Iterator

from dealdesk.clauses.lint.paper import Line, Paper
from dealdesk.clauses.lint.rule import Fault, Level, Rule

_STATES = (
    "Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|"
    "Hawaii|Idaho|Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|"
    "Michigan|Minnesota|Mississippi|Missouri|Montana|Nebraska|Nevada|New Hampshire|New Jersey|"
    "New Mexico|New York|North Carolina|North Dakota|Ohio|Oklahoma|Oregon|Pennsylvania|"
    "Rhode Island|South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|Virginia|Washington|"
    "West Virginia|Wisconsin|Wyoming"
)
_COUNTRIES = (
    "England|Scotland|Ireland|Germany|France|Spain|Italy|Austria|Switzerland|Netherlands|Belgium|"
    "Sweden|Denmark|Norway|Finland|Poland|Canada|Ontario|Australia|New South Wales|India|"
    "Singapore|Hong Kong|Japan|Israel"
)
_PLACES = re.compile(rf"\b({_STATES}|{_COUNTRIES})\b")
_GOVERNS = re.compile(r"\bgoverned by\b|\bgoverning law\b", re.IGNORECASE)
_COURTS = re.compile(
    r"\b(?:courts? (?:of|in|located in|sitting in|at)|jurisdiction of)\b", re.IGNORECASE
)
_SOLE = re.compile(r"\b(?:sole|exclusive|only)(?: and exclusive)? remed(?:y|ies)\b", re.IGNORECASE)
_CREDIT = re.compile(r"\b(?:service |uptime )?credits?\b", re.IGNORECASE)
_CARVES = re.compile(
    r"\b(?:except|other than|in addition|besides|apart from|subject to|unless|terminat\w*|"
    r"the rights?|this SLA|this section|this exhibit|this schedule|together with)\b",
    re.IGNORECASE,
)
_ENDS = re.compile(r"\bmay (?:terminate|end|cancel)\b", re.IGNORECASE)
_MISSES = re.compile(r"\b(?:uptime|availability|service level|target|outage)", re.IGNORECASE)
_NO_RENEWAL = re.compile(r"\b(?:does|do|will|shall) not (?:automatically )?renew\b", re.IGNORECASE)
_NOTICE = re.compile(
    r"\bnotice of non-?renewal\b|\bnon-?renewal notice\b|\brenews?\b[^.]{0,80}\bunless\b",
    re.IGNORECASE,
)
_CHOICE = re.compile(r"\(\s*x?\s*\)|\[\s*x?\s*\]", re.IGNORECASE)


def _first_place(
    sentences: Iterator[tuple[str, Line]], near: re.Pattern[str]
) -> tuple[str, Line, str] | None:
    """Return the first place named after words such as “governed by”, its line and sentence."""
    for sentence, line in sentences:
        match = near.search(sentence)
        place = _PLACES.search(sentence, match.end()) if match else None
        if place:
            return place[1], line, sentence
    return None


def _courts_elsewhere(paper: Paper) -> Iterator[Fault]:
    law = _first_place(paper.sentences(), _GOVERNS)
    courts = _first_place(paper.sentences(), _COURTS)
    if law and courts and law[0] != courts[0]:
        text = f"The courts are those of {courts[0]}, the law is that of {law[0]}."
        yield paper.place(courts[1]), text, courts[2]


def _sole_against_end(paper: Paper) -> Iterator[Fault]:
    sole = next(
        (
            (sentence, line)
            for sentence, line in paper.sentences()
            if _SOLE.search(sentence) and _CREDIT.search(sentence) and not _CARVES.search(sentence)
        ),
        None,
    )
    if sole is None:
        return
    for sentence, line in paper.sentences():
        if _ENDS.search(sentence) and _MISSES.search(sentence):
            where = line.label or f"line {line.number}"
            text = (
                f"Credits are the only remedy here, but {where} lets the customer end the contract."
            )
            yield paper.place(sole[1]), text, sole[0]
            return


def _notice_without_renewal(paper: Paper) -> Iterator[Fault]:
    none = [line for s, line in paper.sentences() if "renew" in s and _NO_RENEWAL.search(s)]
    if not none or any(_CHOICE.search(line.text) for line in none):
        return
    for sentence, line in paper.sentences():
        if _NOTICE.search(sentence) and not _NO_RENEWAL.search(sentence):
            text = "Notice against a renewal is asked for here, but the contract does not renew."
            yield paper.place(line), text, sentence
            return


RULES = (
    Rule(
        "law-vs-courts",
        Level.WARNING,
        "Courts of another place have to learn the governing law first.",
        "Choose the courts of the governing law, or confirm that both are meant.",
        _courts_elsewhere,
        "1. Law\n1.1 Law. This contract is governed by the laws of Delaware.\n"
        "1.2 Courts. The courts located in Texas decide.\n",
        "1. Law\n1.1 Law. This contract is governed by the laws of Delaware.\n"
        "1.2 Courts. The courts located in Delaware decide.\n",
    ),
    Rule(
        "sole-remedy-conflict",
        Level.WARNING,
        "A sole remedy takes away the right to end the contract that another sentence gives.",
        "Name the right to end as an exception to the sole remedy.",
        _sole_against_end,
        "1. Credits\n1.1 Remedy. Service credits are the sole and exclusive remedy for outages.\n"
        "2. End\n2.1 Repeated. Customer may terminate if uptime is missed in two months.\n",
        "1. Credits\n1.1 Remedy. Except for Section 2, service credits are the sole and exclusive "
        "remedy for outages.\n"
        "2. End\n2.1 Repeated. Customer may terminate if uptime is missed in two months.\n",
    ),
    Rule(
        "notice-without-renewal",
        Level.WARNING,
        "Where nothing renews, a notice against renewal is left over from another form.",
        "Take the notice out, or let the contract renew.",
        _notice_without_renewal,
        "1. Term\n1.1 Length. The order does not renew.\n"
        "1.2 Notice. A notice of non-renewal is due 60 days ahead.\n",
        "1. Term\n1.1 Length. The order renews for a year.\n"
        "1.2 Notice. A notice of non-renewal is due 60 days ahead.\n",
    ),
)
