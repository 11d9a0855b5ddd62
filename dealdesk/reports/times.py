"""Reports on time: how long stages and decisions take, and who waits on whom."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from dealdesk.deals.stage_titles import STAGES
from dealdesk.kernel.languages import gettext_noop
from dealdesk.reports.facts import DealFact, Decided, Move, Wait
from dealdesk.reports.model import Bar, Column, Report, Unit, share
from dealdesk.reports.spread import Spread, spread


@dataclass(frozen=True, slots=True)
class Heading:
    """What a report on durations is called, what it says, and its first two columns."""

    key: str
    title: str
    about: str
    first: str
    counted: str


BY_STAGE = Heading(
    "cycle-stage",
    gettext_noop("Cycle time by stage"),
    gettext_noop("How long deals stayed in a stage that they left, from entering to leaving it."),
    gettext_noop("Stage"),
    gettext_noop("Stays"),
)
BY_ROLE = Heading(
    "cycle-role",
    gettext_noop("Cycle time by role"),
    gettext_noop(
        "From being asked to deciding, day and night, questions included; in time is within the"
        " role's limit in business hours."
    ),
    gettext_noop("Role"),
    gettext_noop("Decisions"),
)
BY_PERSON = Heading(
    "cycle-person",
    gettext_noop("Cycle time by person"),
    gettext_noop("As by role, for each person and each role in which they decided."),
    gettext_noop("Person"),
    gettext_noop("Decisions"),
)


def stage_times(deals: Sequence[DealFact], moves: Sequence[Move]) -> Report:
    """Count how long deals stayed in each stage that they left."""
    entered = {one.id: one.created_at for one in deals}
    stays: dict[str, list[int]] = defaultdict(list)
    for move in moves:
        since = entered.get(move.deal)
        if since is not None:
            stays[move.before].append(int((move.at - since).total_seconds()))
        entered[move.deal] = move.at
    named = {words: stays[stage.value] for stage, words in STAGES.items() if stays[stage.value]}
    return _times(BY_STAGE, named)


def role_times(decided: Sequence[Decided], titles: Mapping[str, str]) -> Report:
    """Count how long each role took to decide, and how often within its limit."""
    return _decision_times(BY_ROLE, decided, lambda one: titles.get(one.role, one.role))


def person_times(decided: Sequence[Decided], titles: Mapping[str, str]) -> Report:
    """Count how long each person took to decide in each role, and how often in time."""
    return _decision_times(
        BY_PERSON, decided, lambda one: f"{one.person}, {titles.get(one.role, one.role)}"
    )


def waits(found: Sequence[Wait], now: datetime) -> Report:
    """Count who waits on whom now, since when at longest."""
    groups: dict[tuple[str, str], list[Wait]] = defaultdict(list)
    for one in found:
        groups[one.who, one.whom].append(one)
    ordered = sorted(groups.items(), key=lambda item: (min(w.since for w in item[1]), item[0]))
    rows = [
        (
            who,
            whom,
            len(group),
            int((now - min(one.since for one in group)).total_seconds()),
            sum(one.is_late for one in group),
        )
        for (who, whom), group in ordered
    ]
    per_whom: Counter[str] = Counter()
    for _, whom, count, _, _ in rows:
        per_whom[whom] += count
    return Report(
        key="waits",
        title=gettext_noop("Who waits on whom"),
        about=gettext_noop(
            "Requests that wait for a decision, and questions that wait for an answer, now."
        ),
        columns=(
            Column(gettext_noop("Who waits")),
            Column(gettext_noop("On whom")),
            Column(gettext_noop("Requests"), Unit.COUNT),
            Column(gettext_noop("Longest"), Unit.SECONDS),
            Column(gettext_noop("Overdue"), Unit.COUNT),
        ),
        rows=tuple(rows),
        bars=tuple(Bar(whom, count) for whom, count in per_whom.most_common()),
        drawn=Unit.COUNT,
        drawn_as=gettext_noop("Requests that wait on each"),
    )


def _decision_times(
    heading: Heading, decided: Iterable[Decided], name: Callable[[Decided], str]
) -> Report:
    groups: dict[str, list[Decided]] = defaultdict(list)
    for one in decided:
        groups[name(one)].append(one)
    found = {label: [one.seconds for one in group] for label, group in groups.items()}
    slowest = sorted(found, key=lambda label: (-_median(found[label]), label))
    made = _times(heading, {label: found[label] for label in slowest})
    in_time = {
        label: share(sum(one.is_in_time for one in group), len(group))
        for label, group in groups.items()
    }
    return replace(
        made,
        columns=(*made.columns, Column(gettext_noop("In time"), Unit.SHARE)),
        rows=tuple((*row, in_time[str(row[0])]) for row in made.rows),
    )


def _median(seconds: Sequence[int]) -> int:
    found = spread(seconds)
    return found.median if found else 0


def _times(heading: Heading, groups: Mapping[str, Sequence[int]]) -> Report:
    found: dict[str, Spread] = {
        label: made for label, seconds in groups.items() if (made := spread(seconds)) is not None
    }
    return Report(
        key=heading.key,
        title=heading.title,
        about=heading.about,
        columns=(
            Column(heading.first),
            Column(heading.counted, Unit.COUNT),
            Column(gettext_noop("Median"), Unit.SECONDS),
            Column(gettext_noop("90th percentile"), Unit.SECONDS),
        ),
        rows=tuple((label, one.count, one.median, one.p90) for label, one in found.items()),
        bars=tuple(Bar(label, one.median, one.p90) for label, one in found.items()),
        drawn=Unit.SECONDS,
        drawn_as=gettext_noop("Median, with a line at the 90th percentile"),
    )
