"""The systems that SLA terms can be exported to: a line each."""

from collections.abc import Mapping

from dealdesk.kernel.errors import DomainError
from dealdesk.sla.exporters import (
    erpnext,
    frappe_helpdesk,
    freshdesk,
    icalendar_files,
    jira,
    neutral,
    openslo,
    pagerduty,
    prometheus,
    request_tracker,
    servicenow,
    zabbix,
    zammad,
    zendesk,
)
from dealdesk.sla.exporters.export import Export, Options, System
from dealdesk.sla.model import SlaTerms

EXPORTERS: Mapping[str, System] = {
    system.name: system
    for system in (
        neutral.SYSTEM,
        icalendar_files.SYSTEM,
        request_tracker.SYSTEM,
        zendesk.SYSTEM,
        freshdesk.SYSTEM,
        zammad.SYSTEM,
        servicenow.SYSTEM,
        frappe_helpdesk.SYSTEM,
        erpnext.SYSTEM,
        pagerduty.SYSTEM,
        jira.SYSTEM,
        zabbix.SYSTEM,
        openslo.SYSTEM,
        prometheus.SYSTEM,
    )
}


def find_system(target: str) -> System:
    """Return the system of that name. Raise DomainError for one that we don't know."""
    system = EXPORTERS.get(target)
    if system is None:
        raise DomainError.of(
            "unknown-target",
            f"There is no export for “{target}”.",
            remedy=f"Use one of {', '.join(EXPORTERS)}.",
        )
    return system


def export_terms(terms: SlaTerms, target: str, options: Options | None = None) -> Export:
    """Return the export for a target.

    Raise DomainError for a target that we don't know, for a severity map that doesn't fit, and for
    terms that the target can't take at all.
    """
    system, chosen = find_system(target), options or Options()
    if chosen.severity_map and not system.priorities:
        raise DomainError.of(
            "no-priorities",
            f"{system.title} takes severities by their names; there is nothing to map.",
            remedy="Leave the severity map away.",
        )
    return system.export(terms, chosen)
