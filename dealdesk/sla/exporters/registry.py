"""The targets that SLA terms can be exported to."""

from collections.abc import Mapping

from dealdesk.kernel.errors import DomainError
from dealdesk.sla.exporters.export import Export, Exporter
from dealdesk.sla.exporters.request_tracker import export_request_tracker
from dealdesk.sla.model import SlaTerms

EXPORTERS: Mapping[str, Exporter] = {
    "rt": export_request_tracker,
}


def export_terms(terms: SlaTerms, target: str) -> Export:
    """Return the export for a target. Raise DomainError for a target that we don't know."""
    exporter = EXPORTERS.get(target)
    if exporter is None:
        raise DomainError.of(
            "unknown-target",
            f"There is no export for “{target}”.",
            remedy=f"Use one of {', '.join(EXPORTERS)}.",
        )
    return exporter(terms)
