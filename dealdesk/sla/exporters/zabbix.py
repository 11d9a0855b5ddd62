"""Zabbix 6: one `sla.create` request; Zabbix then reports availability by `sla.getsli`."""

from collections.abc import Iterator
from datetime import UTC, datetime, time
from decimal import ROUND_DOWN, Decimal

from dealdesk.kernel.errors import RefusedError
from dealdesk.kernel.hashing import Json
from dealdesk.sla.availability_terms import Availability
from dealdesk.sla.exporters.clocks import no_times
from dealdesk.sla.exporters.export import (
    Export,
    ExportedFile,
    Faithful,
    Fidelity,
    Options,
    System,
)
from dealdesk.sla.exporters.measure_fidelity import (
    credits_fidelity,
    rarer_fidelity,
    weights_fidelity,
)
from dealdesk.sla.exporters.text_forms import json_text, one_line
from dealdesk.sla.model import SlaTerms
from dealdesk.terms.periods import PeriodKind
from dealdesk.terms.uptime import MaintenanceBasis

TARGET = "zabbix"
TAG = "contract"
_DIGITS = Decimal("0.0001")
_PERIODS = {
    PeriodKind.CALENDAR_MONTH: 2,
    PeriodKind.CALENDAR_QUARTER: 3,
    PeriodKind.CALENDAR_YEAR: 4,
}
_MONTHLY = 2
_MAINTENANCE = {
    MaintenanceBasis.NUMERATOR_AND_DENOMINATOR: (
        Faithful.EXACT,
        "Add each announced window to the SLA's excluded downtimes; Zabbix takes it out of both.",
    ),
    MaintenanceBasis.DOWNTIME_ONLY: (
        Faithful.APPROXIMATED,
        "Zabbix takes excluded downtimes out of the period too, so that a month comes out lower.",
    ),
    MaintenanceBasis.COUNTS_AS_DOWNTIME: (Faithful.EXACT, "Enter no excluded downtimes."),
}


def promised_availability(terms: SlaTerms, title: str) -> Availability:
    """Return the availability that terms promise. Raise RefusedError when they promise none."""
    if terms.availability is None:
        raise RefusedError.of(
            "no-availability",
            f"The terms promise no availability, so there is nothing for {title} to measure.",
        )
    return terms.availability


def export_zabbix(terms: SlaTerms, options: Options) -> Export:
    """Return the JSON-RPC request that creates the SLA, with its fidelity list."""
    del options
    promised = promised_availability(terms, "Zabbix")
    begins = datetime.combine(terms.effective_from, time(), UTC)
    sla: dict[str, Json] = {
        "name": f"{terms.id} {one_line(terms.customer)}"[:255],
        "period": _PERIODS.get(promised.period, _MONTHLY),
        "slo": f"{_slo(promised):f}",
        "effective_date": int(begins.timestamp()),
        "timezone": promised.timezone,
        "status": 1,
        "description": f"SLA terms {terms.id}, revision {terms.revision}, "
        f"text SHA-256 {terms.text_sha256}",
        "service_tags": [{"tag": TAG, "operator": 0, "value": terms.id}],
        "schedule": [],
        "excluded_downtimes": [],
    }
    request = {"jsonrpc": "2.0", "method": "sla.create", "params": sla, "id": 1}
    file = ExportedFile("sla.create.json", json_text(request))
    return Export(TARGET, (file,), tuple(_fidelity(terms, promised)))


SYSTEM = System(TARGET, "Zabbix", export_zabbix)


def _slo(promised: Availability) -> Decimal:
    """Return the objective in Zabbix's digits; cut, since rounding could ask for 100 %."""
    if promised.objective % _DIGITS == 0:
        return promised.objective
    return promised.objective.quantize(_DIGITS, ROUND_DOWN)


def _fidelity(terms: SlaTerms, promised: Availability) -> Iterator[Fidelity]:
    if promised.objective == _slo(promised):
        yield Fidelity("availability objective", Faithful.EXACT, "At most four decimals.")
    else:
        reason = "Zabbix keeps four decimals of a percentage; the objective is cut to them."
        yield Fidelity("availability objective", Faithful.APPROXIMATED, reason)
    if promised.period in _PERIODS:
        yield Fidelity("period and time zone", Faithful.EXACT, "Calendar periods in the zone.")
    else:
        reason = f"Zabbix has no period of the kind {promised.period.value}; it reports months."
        yield Fidelity("period and time zone", Faithful.APPROXIMATED, reason)
    kept, reason = _MAINTENANCE[promised.maintenance.basis]
    yield Fidelity("scheduled maintenance", kept, reason)
    yield weights_fidelity(promised, "Zabbix's services are up or down")
    yield from rarer_fidelity(promised, "Zabbix")
    if promised.exclusions:
        reason = "Zabbix does not know causes; enter what is excluded as excluded downtimes."
        yield Fidelity("exclusions by cause", Faithful.APPROXIMATED, reason)
    yield from credits_fidelity(terms, "Zabbix")
    yield from no_times(terms, "Zabbix", "tracks availability, not tickets")
