"""The availability half of SLA terms: objective, measure, maintenance, credits, chronic failure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from dealdesk.terms.calendars import OpenInterval
from dealdesk.terms.chronic import ChronicMode, ChronicRule
from dealdesk.terms.credits import CreditTier
from dealdesk.terms.periods import PeriodKind
from dealdesk.terms.uptime import MaintenanceBasis

_DAY = 86_400


class MeasureKind(StrEnum):
    """What is counted: seconds down, minutes over an error rate, or failed requests."""

    SECONDS_DOWN = "seconds_down"
    ERROR_RATE_MINUTES = "error_rate_minutes"
    REQUEST_RATIO = "request_ratio"


class ComponentRule(StrEnum):
    """When the service is down: any of its components is, all are, or each by its share."""

    ANY = "any"
    ALL = "all"
    WEIGHTED = "weighted"


@dataclass(frozen=True, slots=True)
class Component:
    """A component of the status page that the contract counts, and its share where it has one."""

    id: str
    share: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Maintenance:
    """What scheduled maintenance is taken out, and on which conditions; None means no condition.

    `windows` are the weekly hours, in the zone of the availability, in which it is allowed.
    """

    basis: MaintenanceBasis
    notice_seconds: int | None
    cap_seconds_per_month: int | None
    cap_seconds_per_year: int | None = None
    windows: tuple[OpenInterval, ...] = ()


@dataclass(frozen=True, slots=True)
class Availability:
    """The availability objective and how it is measured.

    Without `components` everything on the status page counts. A billing month starts on
    `billing_day`.
    """

    objective: Decimal
    period: PeriodKind
    timezone: str
    maintenance: Maintenance
    min_incident_seconds: int
    weights: Mapping[str, Decimal]
    exclusions: tuple[str, ...]
    exclusions_basis: MaintenanceBasis = MaintenanceBasis.DOWNTIME_ONLY
    measure: MeasureKind = MeasureKind.SECONDS_DOWN
    minute_error_rate_percent: Decimal = Decimal(0)
    components: tuple[Component, ...] = ()
    component_rule: ComponentRule = ComponentRule.ANY
    billing_day: int = 1


@dataclass(frozen=True, slots=True)
class ResponseCredits:
    """What is due when too few responses come in time: a tier by share, or so much for each miss.

    Shares are of the fee of the period; without `metrics` first responses count.
    """

    target_percent: Decimal
    tiers: tuple[CreditTier, ...] = ()
    per_miss_percent: Decimal | None = None
    metrics: tuple[str, ...] = ("first_response",)


@dataclass(frozen=True, slots=True)
class Credits:
    """What is due when the objective is missed; `claim_days` None means no deadline.

    `cap_percent` is a share of the period's fee, `cap_per_year_percent` of a contract year's.
    """

    tiers: tuple[CreditTier, ...]
    cap_percent: Decimal | None
    automatic: bool
    claim_days: int | None
    base: str = ""
    cap_per_year_percent: Decimal | None = None
    response: ResponseCredits | None = None


def seconds_of(item: Mapping[str, int] | None) -> int | None:
    """Return a duration's seconds; business days, months and years have none."""
    return item.get("seconds") if item else None


def _days_of(item: Mapping[str, int] | None) -> int | None:
    seconds = seconds_of(item)
    return seconds // _DAY if seconds is not None else None


def read_availability(item: Mapping[str, Any] | None) -> Availability | None:
    """Return the objective and its measure from data that fits the schema."""
    if item is None:
        return None
    measure = item.get("measure", {})
    # A state of which nothing is said counts as it does for the reader of "Downtime": in whole.
    weights = {"major_outage": "1", "partial_outage": "1"} | item.get("status_weights", {})
    return Availability(
        objective=Decimal(item["objective_percent"]),
        period=PeriodKind(item["period"]),
        timezone=item["timezone"],
        maintenance=_maintenance(item.get("maintenance", {})),
        min_incident_seconds=seconds_of(measure.get("min_incident")) or 0,
        weights={status: Decimal(weight) for status, weight in weights.items()},
        exclusions=tuple(item.get("exclusions", ())),
        exclusions_basis=MaintenanceBasis(
            item.get("exclusions_from", MaintenanceBasis.DOWNTIME_ONLY)
        ),
        measure=MeasureKind(measure.get("kind", MeasureKind.SECONDS_DOWN)),
        minute_error_rate_percent=Decimal(measure.get("minute_error_rate_over_percent", "0")),
        components=tuple(
            Component(one["id"], Decimal(one.get("share", "1")))
            for one in item.get("components", ())
        ),
        component_rule=ComponentRule(item.get("component_rule", ComponentRule.ANY)),
        billing_day=item.get("billing_day", 1),
    )


def _maintenance(item: Mapping[str, Any]) -> Maintenance:
    basis = item.get("excluded_from", MaintenanceBasis.NUMERATOR_AND_DENOMINATOR)
    return Maintenance(
        basis=MaintenanceBasis(basis),
        notice_seconds=seconds_of(item.get("notice")),
        cap_seconds_per_month=seconds_of(item.get("cap_per_month")),
        cap_seconds_per_year=seconds_of(item.get("cap_per_year")),
        windows=read_hours(item.get("windows", ())),
    )


def read_hours(items: Sequence[Mapping[str, Any]]) -> tuple[OpenInterval, ...]:
    """Return weekly hours from data that fits the schema."""
    return tuple(OpenInterval(tuple(i["days"]), i["open"], i["close"]) for i in items)


def read_credits(item: Mapping[str, Any] | None) -> Credits | None:
    """Return the credits from data that fits the schema."""
    if item is None:
        return None
    claim = item.get("claim", {})
    return Credits(
        tiers=read_tiers(item["tiers"]),
        cap_percent=_percent(item.get("cap_percent")),
        automatic=bool(claim.get("automatic", False)),
        claim_days=_days_of(claim.get("deadline")),
        base=item.get("base", ""),
        cap_per_year_percent=_percent(item.get("cap_per_year_percent")),
        response=_response(item.get("response")),
    )


def _percent(text: str | None) -> Decimal | None:
    return Decimal(text) if text else None


def _response(item: Mapping[str, Any] | None) -> ResponseCredits | None:
    if item is None:
        return None
    return ResponseCredits(
        target_percent=Decimal(item["target_percent"]),
        tiers=read_tiers(item.get("tiers", ())),
        per_miss_percent=_percent(item.get("per_miss_percent")),
        metrics=tuple(item.get("metrics", ("first_response",))),
    )


def read_tiers(items: Sequence[Mapping[str, str]]) -> tuple[CreditTier, ...]:
    """Return the credit tiers that plain data states."""
    return tuple(
        CreditTier(Decimal(item["below_percent"]), Decimal(item["credit_percent"]))
        for item in items
    )


def read_chronic(item: Mapping[str, Any] | None) -> ChronicRule | None:
    """Return the chronic-failure rule from data that fits the schema."""
    if not item or "missed" not in item:
        return None
    return ChronicRule(
        missed=item["missed"],
        window=item.get("window", item["missed"]),
        mode=ChronicMode(item.get("mode", ChronicMode.WITHIN)),
        below=_percent(item.get("below_percent")),
        notice_days=_days_of(item.get("notice")),
    )
