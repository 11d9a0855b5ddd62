"""Prometheus: recording rules for downtime and alerts before the budget is gone.

Three traps, each met by promtool (sla.md, section 2): a month of minutes is too many samples for
one query, so that hours are recorded first; up to Prometheus 2 a range takes both its ends, so that
[1h] holds 61 samples of a minute and [59m59s] the right 60; windows roll and are no calendar month.
Samples are counted, not averaged: sums of whole numbers decide exactly where the budget ends.
"""

from collections.abc import Iterator
from decimal import Decimal

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
from dealdesk.sla.exporters.text_forms import Data, yaml_text
from dealdesk.sla.exporters.zabbix import promised_availability
from dealdesk.sla.model import SlaTerms
from dealdesk.terms.periods import PeriodKind

TARGET = "prometheus"
# 1 while the service is up, 0 while it is down, a sample a minute; labelled with the contract.
SERIES = "contract_service_up"
SAMPLE_SECONDS = 60
HOURLY = "contract:downtime_seconds:1h"
_DAY = 86_400
_MONTH = 30
_WINDOW_DAYS = {
    PeriodKind.CALENDAR_MONTH: _MONTH,
    PeriodKind.CALENDAR_QUARTER: 90,
    PeriodKind.CALENDAR_YEAR: 365,
    PeriodKind.ROLLING_12_MONTHS: 365,
}
WATCHER = Watcher(
    title="Prometheus",
    splits="A sample is up or down",
    maintenance="The rules count maintenance as downtime, unless the series stays 1 meanwhile.",
    causes="Samples know no causes.",
    sees="sees the service, not tickets",
)


def export_prometheus(terms: SlaTerms, options: Options) -> Export:
    """Return the rule file with its fidelity list."""
    del options
    promised = promised_availability(terms, "Prometheus")
    file = ExportedFile("contract-sla.rules.yaml", yaml_text(_rules(terms, promised)))
    return Export(TARGET, (file,), tuple(_fidelity(terms, promised)))


SYSTEM = System(TARGET, "Prometheus", export_prometheus)


def window_days(promised: Availability) -> int:
    """Return the days of the rolling window that stands in for the contract's period."""
    return _WINDOW_DAYS.get(promised.period, _MONTH)


def budget_seconds(promised: Availability) -> Decimal:
    """Return the downtime that the objective leaves in the rolling window, exactly."""
    return (100 - promised.objective) * window_days(promised) * _DAY / 100


def _rules(terms: SlaTerms, promised: Availability) -> Data:
    window = window_days(promised)
    select = f'{{contract="{terms.id}"}}'
    up = f"{SERIES}{select}[59m59s]"
    total = f"contract:downtime_seconds:{window}d"
    # A second less than the window: see the module's docstring.
    rolling = f"sum_over_time({HOURLY}{select}[{window - 1}d23h59m59s])"
    labels = {"contract": terms.id}
    return {
        "groups": [
            {
                "name": f"contract-sla-{terms.id}",
                "interval": "1h",
                "rules": [
                    {
                        "record": HOURLY,
                        "expr": f"{SAMPLE_SECONDS} * (count_over_time({up}) - sum_over_time({up}))",
                        "labels": labels,
                    },
                    {"record": total, "expr": rolling, "labels": labels},
                ],
            },
            {
                "name": f"contract-sla-alerts-{terms.id}",
                "rules": list(_alerts(terms, promised, f"{total}{select}")),
            },
        ]
    }


def _alerts(terms: SlaTerms, promised: Availability, total: str) -> Iterator[Data]:
    budget = budget_seconds(promised).normalize()
    window = window_days(promised)
    steps = (
        ("ContractDowntimeHalfUsed", budget / 2, "warning", "half of"),
        ("ContractDowntimeUsedUp", budget, "critical", "more than"),
    )
    for name, seconds, severity, share in steps:
        yield {
            "alert": name,
            "expr": f"{total} > {seconds:f}",
            "labels": {"severity": severity, "contract": terms.id},
            "annotations": {
                "summary": f"{terms.id} has used {share} the downtime that it allows "
                f"in {window} days.",
                "description": f"{promised.objective:f} % over {window} rolling days allow "
                f"{budget:f} s of downtime. This warns early; the contract measures by "
                f"{promised.period.value} in {promised.timezone}.",
            },
        }


def _fidelity(terms: SlaTerms, promised: Availability) -> Iterator[Fidelity]:
    yield Fidelity(
        "availability objective",
        Faithful.EXACT,
        f"{budget_seconds(promised).normalize():f} s of downtime in the window, no digit lost.",
    )
    yield Fidelity(
        "period and time zone",
        Faithful.APPROXIMATED,
        f"{window_days(promised)} rolling days, not the contract's {promised.period.value}: "
        "an early warning, not the measure.",
    )
    yield _resolution(promised)
    yield from watcher_fidelity(terms, promised, WATCHER)


def _resolution(promised: Availability) -> Fidelity:
    if budget_seconds(promised) < SAMPLE_SECONDS:
        reason = f"One sample is {SAMPLE_SECONDS} s of downtime, more than the whole budget."
        return Fidelity("measured by", Faithful.NOT_EXPRESSIBLE, reason)
    reason = f"Samples a minute apart of {SERIES}; an outage between two samples is not seen."
    return Fidelity("measured by", Faithful.APPROXIMATED, reason)
