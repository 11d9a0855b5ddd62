"""OpenSLO v1: a service and its availability objective as YAML."""

from collections.abc import Iterator

from dealdesk.sla.availability_terms import Availability
from dealdesk.sla.exporters.export import (
    Export,
    ExportedFile,
    Faithful,
    Fidelity,
    Options,
    System,
)
from dealdesk.sla.exporters.measure_fidelity import Watcher, watcher_fidelity
from dealdesk.sla.exporters.prometheus import SERIES
from dealdesk.sla.exporters.text_forms import Data, one_line, yaml_text
from dealdesk.sla.exporters.zabbix import promised_availability
from dealdesk.sla.model import SlaTerms
from dealdesk.terms.periods import MONTHS, PeriodKind

TARGET = "openslo"
_VERSION = "openslo/v1"
_DURATIONS = {
    PeriodKind.CALENDAR_MONTH: "1M",
    PeriodKind.CALENDAR_QUARTER: "1Q",
    PeriodKind.CALENDAR_YEAR: "1Y",
    PeriodKind.BILLING_MONTH: "1M",
}
_LAST_SAFE_DAY = 28
WATCHER = Watcher(
    title="OpenSLO",
    splits="A slice is good or bad",
    maintenance="OpenSLO knows no maintenance; it counts as downtime there.",
    causes="OpenSLO knows no causes.",
    sees="has objectives for a service, not for tickets",
)


def export_openslo(terms: SlaTerms, options: Options) -> Export:
    """Return the OpenSLO documents with their fidelity list."""
    del options
    promised = promised_availability(terms, "OpenSLO")
    file = ExportedFile("openslo.yaml", yaml_text(_service(terms), _objective(terms, promised)))
    return Export(TARGET, (file,), tuple(_fidelity(terms, promised)))


SYSTEM = System(TARGET, "OpenSLO", export_openslo)


def resource_name(terms: SlaTerms) -> str:
    """Return the agreement's id as OpenSLO allows names: lower-case letters, digits, hyphens."""
    plain = "".join(letter if letter.isalnum() else "-" for letter in terms.id.lower())
    return f"sla-{plain}"[:63].strip("-")


def _service(terms: SlaTerms) -> Data:
    return {
        "apiVersion": _VERSION,
        "kind": "Service",
        "metadata": {
            "name": resource_name(terms),
            "displayName": f"{terms.id} {one_line(terms.customer)}",
        },
        "spec": {"description": f"What is promised to {one_line(terms.customer)}"[:1050]},
    }


def _objective(terms: SlaTerms, promised: Availability) -> Data:
    select = f'{{contract="{terms.id}"}}'
    return {
        "apiVersion": _VERSION,
        "kind": "SLO",
        "metadata": {
            "name": f"{resource_name(terms)[:50]}-availability",
            "displayName": f"{terms.id} availability",
            "annotations": {
                "dealdesk/agreement": terms.id,
                "dealdesk/revision": str(terms.revision),
                "dealdesk/text-sha256": terms.text_sha256,
            },
        },
        "spec": {
            "description": f"{promised.objective:f} % of each {promised.period.value}",
            "service": resource_name(terms),
            "indicator": {
                "metadata": {"name": f"{resource_name(terms)[:50]}-up"},
                "spec": {
                    "ratioMetric": {
                        "counter": False,
                        "good": _query(f"sum(avg_over_time({SERIES}{select}[1m]))"),
                        "total": _query(f"count({SERIES}{select})"),
                    }
                },
            },
            "timeWindow": [_window(terms, promised)],
            "budgetingMethod": "Timeslices",
            "objectives": [
                {
                    "displayName": "contract",
                    "targetPercent": promised.objective,
                    "timeSliceTarget": 1,
                    "timeSliceWindow": "1m",
                }
            ],
        },
    }


def _window(terms: SlaTerms, promised: Availability) -> Data:
    if promised.period is PeriodKind.ROLLING_12_MONTHS:
        return {"duration": "1Y", "isRolling": True}
    months = MONTHS.get(promised.period, 1)
    first = terms.effective_from.replace(day=1)
    first = first.replace(month=first.month - (first.month - 1) % months)
    if promised.period is PeriodKind.BILLING_MONTH:
        first = first.replace(day=min(promised.billing_day, _LAST_SAFE_DAY))
    return {
        "duration": _DURATIONS.get(promised.period, "1M"),
        "isRolling": False,
        "calendar": {"startTime": f"{first} 00:00:00", "timeZone": promised.timezone},
    }


def _query(expression: str) -> Data:
    return {"metricSource": {"type": "Prometheus", "spec": {"query": expression}}}


def _fidelity(terms: SlaTerms, promised: Availability) -> Iterator[Fidelity]:
    yield Fidelity("availability objective", Faithful.EXACT, "As a percentage, no digit lost.")
    if promised.period is PeriodKind.ROLLING_12_MONTHS:
        reason = "A rolling year of days; the contract rolls month by month."
        yield Fidelity("period and time zone", Faithful.APPROXIMATED, reason)
    elif promised.billing_day > _LAST_SAFE_DAY:
        reason = "The window starts on the 28th; the contract's month starts later."
        yield Fidelity("period and time zone", Faithful.APPROXIMATED, reason)
    elif promised.period in _DURATIONS:
        yield Fidelity("period and time zone", Faithful.EXACT, "A calendar window in the zone.")
    else:
        reason = f"A calendar month stands in for the contract's {promised.period.value}."
        yield Fidelity("period and time zone", Faithful.APPROXIMATED, reason)
    yield Fidelity(
        "measured by",
        Faithful.APPROXIMATED,
        "OpenSLO counts slices of a minute; the contract counts seconds.",
    )
    yield from watcher_fidelity(terms, promised, WATCHER)
