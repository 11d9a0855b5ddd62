"""SLA terms read from JSON: checked against the schema, then typed for the clock and exporters."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

from dealdesk.kernel.errors import DomainError, Place, Problem
from dealdesk.sla.availability_terms import (
    Availability,
    Credits,
    read_availability,
    read_chronic,
    read_credits,
    read_hours,
)
from dealdesk.terms.calendars import Calendar, ClosedDate, SpecialDay, is_zone
from dealdesk.terms.chronic import ChronicRule
from dealdesk.terms.clock import (
    Amount,
    BusinessDayRule,
    BusinessDays,
    BusinessTime,
    DayStart,
    Elapsed,
)

SCHEMA_FILE = "schemas/sla-terms-1.json"
# A date that does not exist is told like any other fault.
_FORMATS = FormatChecker(formats=("date",))


class TermsError(DomainError):
    """SLA terms that don't fit their schema, or contradict themselves; every fault is listed."""


@dataclass(frozen=True, slots=True)
class Severity:
    """A severity level; `includes` names what is raised to it by itself."""

    id: str
    rank: int
    definition: str
    includes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """A promised time: a metric of a severity, counted on a calendar."""

    severity: str
    metric: str
    amount: Amount
    calendar: str


@dataclass(frozen=True, slots=True)
class Channel:
    """A way to reach support, for which severities and when."""

    id: str
    severities: tuple[str, ...]
    calendar: str


@dataclass(frozen=True, slots=True)
class SlaTerms:
    """The terms of one agreement at one revision."""

    id: str
    revision: int
    text_sha256: str
    customer: str
    effective_from: date
    effective_until: date
    calendars: Mapping[str, Calendar]
    severities: tuple[Severity, ...]
    targets: tuple[Target, ...]
    channels: tuple[Channel, ...]
    pause_when: tuple[str, ...]
    availability: Availability | None
    credits: Credits | None
    chronic: ChronicRule | None
    pauses_stop: tuple[str, ...] = ("workaround", "resolution")

    def target(self, severity: str, metric: str = "first_response") -> Target | None:
        """Return the promised time of a severity's metric, or None."""
        return next(
            (t for t in self.targets if t.severity == severity and t.metric == metric), None
        )


@cache
def _validator() -> Draft202012Validator:
    text = resources.files("dealdesk.sla").joinpath(SCHEMA_FILE).read_text("utf-8")
    return Draft202012Validator(json.loads(text), format_checker=_FORMATS)


def schema_problems(data: object, file: str = "") -> Iterator[Problem]:
    """Yield one problem for each place where data doesn't fit the sla-terms/1 schema."""
    for error in sorted(_validator().iter_errors(data), key=lambda e: list(map(str, e.path))):
        path = "/" + "/".join(str(part) for part in error.absolute_path)
        yield Problem("terms-schema", f"{error.message[:200]}.", Place(file, 0, path))


def load_terms(text: str, file: str = "") -> SlaTerms:
    """Return the terms that JSON text states. Raise TermsError listing every fault."""
    return read_terms(parse_json(text, file), file)


def parse_json(text: str, file: str) -> object:
    """Return the data of a JSON text. Raise TermsError naming the line where it breaks."""
    try:
        data: object = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else 0
        raise TermsError.of(
            "not-json", "The file is not JSON.", place=Place(file, line), remedy="Check the file."
        ) from error
    return data


def read_terms(data: object, file: str = "") -> SlaTerms:
    """Return the terms that plain data states. Raise TermsError listing every fault."""
    problems = list(schema_problems(data, file))
    if problems:
        raise TermsError(problems)
    terms: dict[str, Any] = dict(data)  # type: ignore[call-overload]  # the schema says object
    calendars = _calendars(terms["calendars"], file)
    severities = tuple(_severity(item) for item in terms.get("severities", ()))
    problems = list(_dangling(terms, calendars, {s.id for s in severities}, file))
    if problems:
        raise TermsError(problems)
    return SlaTerms(
        id=terms["id"],
        revision=terms["revision"],
        text_sha256=terms["text_sha256"],
        customer=terms["customer"]["name"],
        effective_from=date.fromisoformat(terms["effective"]["from"]),
        effective_until=date.fromisoformat(terms["effective"]["until"]),
        calendars=calendars,
        severities=severities,
        targets=tuple(_target(item) for item in terms.get("targets", ())),
        channels=tuple(_channel(item) for item in terms.get("channels", ())),
        pause_when=tuple(terms.get("clock_rules", {}).get("pause_when", ())),
        availability=read_availability(terms.get("availability")),
        credits=read_credits(terms.get("credits")),
        chronic=read_chronic(terms.get("chronic_failure")),
        pauses_stop=tuple(
            terms.get("clock_rules", {}).get("pauses_stop", ("workaround", "resolution"))
        ),
    )


def _dangling(
    terms: Mapping[str, Any], calendars: Mapping[str, Calendar], severities: set[str], file: str
) -> Iterator[Problem]:
    for index, target in enumerate(terms.get("targets", ())):
        place = Place(file, 0, f"/targets/{index}")
        if target["calendar"] not in calendars:
            message = f"The target counts on the calendar “{target['calendar']}”, which is absent."
            yield Problem("calendar-absent", message, place)
        if target["severity"] not in severities:
            message = f"The target is for “{target['severity']}”, which is no severity here."
            yield Problem("severity-absent", message, place)
    zone = terms.get("availability", {}).get("timezone")
    if zone is not None and not is_zone(zone):
        place = Place(file, 0, "/availability/timezone")
        remedy = "Use an IANA name such as America/New_York."
        yield Problem("bad-zone", f"“{zone}” is not a time zone.", place, remedy)
    rule = terms.get("availability", {}).get("component_rule", "any")
    if rule != "any" and not terms["availability"].get("components"):
        message = f"Components count by the rule “{rule}”, but none are named."
        yield Problem("components-absent", message, Place(file, 0, "/availability/component_rule"))
    for index, channel in enumerate(terms.get("channels", ())):
        place = Place(file, 0, f"/channels/{index}")
        if channel["calendar"] not in calendars:
            message = f"The channel is open on “{channel['calendar']}”, which is no calendar here."
            yield Problem("calendar-absent", message, place)
        for severity in channel["severities"]:
            if severity not in severities:
                message = f"The channel is for “{severity}”, which is no severity here."
                yield Problem("severity-absent", message, place)


def _calendars(items: Sequence[Mapping[str, Any]], file: str) -> dict[str, Calendar]:
    """Return the calendars by id; those that are made of others come after these."""
    calendars = {item["id"]: _calendar(item) for item in items if "parts" not in item}
    problems = [
        Problem(
            "calendar-absent",
            f"The calendar “{item['id']}” has the part “{part}”, which has no hours here.",
            Place(file, 0, f"/calendars/{index}"),
        )
        for index, item in enumerate(items)
        for part in item.get("parts", ())
        if part not in calendars or calendars[part].always_open
    ]
    if problems:
        raise TermsError(problems)
    unions = {
        item["id"]: Calendar(
            id=item["id"],
            zone=item["timezone"],
            weekly=(),
            closed=_closed(item.get("closed_dates", ())),
            source=item.get("closed_source", ""),
            parts=tuple(calendars[part] for part in item["parts"]),
        )
        for item in items
        if "parts" in item
    }
    return {item["id"]: (calendars | unions)[item["id"]] for item in items}


def _calendar(item: Mapping[str, Any]) -> Calendar:
    if item.get("always_open"):
        return Calendar.always(item["id"])
    return Calendar(
        id=item["id"],
        zone=item["timezone"],
        weekly=read_hours(item["weekly"]),
        closed=_closed(item["closed_dates"]),
        source=item["closed_source"],
        special=tuple(
            SpecialDay(
                date.fromisoformat(day["date"]),
                day["name"],
                tuple((hours["open"], hours["close"]) for hours in day["hours"]),
            )
            for day in item.get("special_days", ())
        ),
    )


def _closed(items: Sequence[Mapping[str, str]]) -> tuple[ClosedDate, ...]:
    return tuple(ClosedDate(date.fromisoformat(item["date"]), item["name"]) for item in items)


def _severity(item: Mapping[str, Any]) -> Severity:
    return Severity(item["id"], item["rank"], item["definition"], tuple(item.get("includes", ())))


def _target(item: Mapping[str, Any]) -> Target:
    return Target(item["severity"], item["metric"], _amount(item["amount"]), item["calendar"])


def _amount(item: Mapping[str, Any]) -> Amount:
    match item["kind"]:
        case "elapsed":
            return Elapsed(item["seconds"])
        case "business_time":
            return BusinessTime(item["seconds"])
        case _:
            start = DayStart(item.get("start", DayStart.REPORT))
            return BusinessDays(item["days"], BusinessDayRule(item["rule"]), start)


def _channel(item: Mapping[str, Any]) -> Channel:
    return Channel(item["id"], tuple(item["severities"]), item["calendar"])
