"""SLA terms read from JSON: checked against the schema, then typed for the clock and exporters."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

from dealdesk.kernel.errors import DomainError, Place, Problem
from dealdesk.terms.calendars import Calendar, ClosedDate, OpenInterval, is_zone
from dealdesk.terms.chronic import ChronicMode, ChronicRule
from dealdesk.terms.clock import Amount, BusinessDayRule, BusinessDays, BusinessTime, Elapsed
from dealdesk.terms.credits import CreditTier
from dealdesk.terms.periods import PeriodKind
from dealdesk.terms.uptime import MaintenanceBasis

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
class Maintenance:
    """What scheduled maintenance is taken out, and on which conditions; None means no condition."""

    basis: MaintenanceBasis
    notice_seconds: int | None
    cap_seconds_per_month: int | None


@dataclass(frozen=True, slots=True)
class Availability:
    """The availability objective and how it is measured."""

    objective: Decimal
    period: PeriodKind
    timezone: str
    maintenance: Maintenance
    min_incident_seconds: int
    weights: Mapping[str, Decimal]
    exclusions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Credits:
    """What is due when the objective is missed; `claim_days` None means no deadline."""

    tiers: tuple[CreditTier, ...]
    cap_percent: Decimal | None
    automatic: bool
    claim_days: int | None


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
    calendars = {item["id"]: _calendar(item) for item in terms["calendars"]}
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
        availability=_availability(terms.get("availability")),
        credits=_credits(terms.get("credits")),
        chronic=_chronic(terms.get("chronic_failure")),
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
    for index, channel in enumerate(terms.get("channels", ())):
        place = Place(file, 0, f"/channels/{index}")
        if channel["calendar"] not in calendars:
            message = f"The channel is open on “{channel['calendar']}”, which is no calendar here."
            yield Problem("calendar-absent", message, place)
        for severity in channel["severities"]:
            if severity not in severities:
                message = f"The channel is for “{severity}”, which is no severity here."
                yield Problem("severity-absent", message, place)


def _calendar(item: Mapping[str, Any]) -> Calendar:
    if item.get("always_open"):
        return Calendar.always(item["id"])
    return Calendar(
        id=item["id"],
        zone=item["timezone"],
        weekly=tuple(OpenInterval(tuple(i["days"]), i["open"], i["close"]) for i in item["weekly"]),
        closed=tuple(
            ClosedDate(date.fromisoformat(c["date"]), c["name"]) for c in item["closed_dates"]
        ),
        source=item["closed_source"],
    )


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
            return BusinessDays(item["days"], BusinessDayRule(item["rule"]))


def _channel(item: Mapping[str, Any]) -> Channel:
    return Channel(item["id"], tuple(item["severities"]), item["calendar"])


def seconds_of(item: Mapping[str, int] | None) -> int | None:
    """Return a duration's seconds; business days, months and years have none."""
    return item.get("seconds") if item else None


def _days_of(item: Mapping[str, int] | None) -> int | None:
    seconds = seconds_of(item)
    return seconds // 86_400 if seconds is not None else None


def _availability(item: Mapping[str, Any] | None) -> Availability | None:
    if item is None:
        return None
    works = item.get("maintenance", {})
    basis = works.get("excluded_from", MaintenanceBasis.NUMERATOR_AND_DENOMINATOR)
    weights = item.get("status_weights") or {"major_outage": "1", "partial_outage": "1"}
    return Availability(
        objective=Decimal(item["objective_percent"]),
        period=PeriodKind(item["period"]),
        timezone=item["timezone"],
        maintenance=Maintenance(
            MaintenanceBasis(basis),
            seconds_of(works.get("notice")),
            seconds_of(works.get("cap_per_month")),
        ),
        min_incident_seconds=seconds_of(item.get("measure", {}).get("min_incident")) or 0,
        weights={status: Decimal(weight) for status, weight in weights.items()},
        exclusions=tuple(item.get("exclusions", ())),
    )


def _credits(item: Mapping[str, Any] | None) -> Credits | None:
    if item is None:
        return None
    claim = item.get("claim", {})
    cap = item.get("cap_percent")
    return Credits(
        tiers=read_tiers(item["tiers"]),
        cap_percent=Decimal(cap) if cap else None,
        automatic=bool(claim.get("automatic", False)),
        claim_days=_days_of(claim.get("deadline")),
    )


def read_tiers(items: Sequence[Mapping[str, str]]) -> tuple[CreditTier, ...]:
    """Return the credit tiers that plain data states."""
    return tuple(
        CreditTier(Decimal(item["below_percent"]), Decimal(item["credit_percent"]))
        for item in items
    )


def _chronic(item: Mapping[str, Any] | None) -> ChronicRule | None:
    if not item or "missed" not in item:
        return None
    mode = ChronicMode(item.get("mode", ChronicMode.WITHIN))
    return ChronicRule(item["missed"], item.get("window", item["missed"]), mode)
