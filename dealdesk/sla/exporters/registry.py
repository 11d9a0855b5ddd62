"""The systems that SLA terms can be exported to: a line each."""

import re
from collections.abc import Mapping
from importlib import import_module

from dealdesk.kernel.errors import DomainError
from dealdesk.sla.exporters import (
    erpnext,
    frappe_helpdesk,
    freshdesk,
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


def _export_icalendar(terms: SlaTerms, options: Options) -> Export:
    """Return the calendar files; their library takes as long to load as all other exporters."""
    module = import_module("dealdesk.sla.exporters.icalendar_files")
    exported: Export = module.export_icalendar(terms, options)
    return exported


EXPORTERS: Mapping[str, System] = {
    system.name: system
    for system in (
        neutral.SYSTEM,
        System("icalendar", "iCalendar", _export_icalendar),
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
    refuse_foreign_id(system, chosen.customer_id)
    return system.export(terms, chosen)


def refuse_foreign_id(system: System, customer_id: str) -> None:
    """Refuse a customer's id that can't be one there; ids end up inside queries."""
    if not customer_id or (system.id_form and re.fullmatch(system.id_form, customer_id)):
        return
    if not system.id_form:
        raise DomainError.of(
            "no-customer-id",
            f"{system.title} is not told a customer's id.",
            remedy="Leave --customer-id away.",
        )
    raise DomainError.of(
        "bad-customer-id",
        f"“{customer_id}” is no id of a customer in {system.title}.",
        remedy="Copy it from there.",
    )
