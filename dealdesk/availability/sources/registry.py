"""The sources that history can be read from: a new one is one module and one line here."""

from collections.abc import Mapping

from dealdesk.availability.sources import (
    csv_file,
    gatus,
    incident_io,
    prometheus,
    requests_csv,
    statuspage,
    upptime,
    uptime_kuma,
)
from dealdesk.availability.sources.source import Reader
from dealdesk.kernel.errors import DomainError

SOURCES: Mapping[str, Reader] = {
    statuspage.NAME: statuspage.read_statuspage,
    incident_io.NAME: incident_io.read_incident_io,
    upptime.NAME: upptime.read_upptime,
    gatus.NAME: gatus.read_gatus,
    uptime_kuma.NAME: uptime_kuma.read_uptime_kuma,
    prometheus.NAME: prometheus.read_prometheus,
    csv_file.NAME: csv_file.read_csv,
    requests_csv.NAME: requests_csv.read_requests,
}


def source_of(name: str) -> Reader:
    """Return the reader of a source. Raise DomainError for one that we don't know."""
    reader = SOURCES.get(name)
    if reader is None:
        raise DomainError.of(
            "unknown-source",
            f"There is no import from “{name}”.",
            remedy=f"Use one of {', '.join(SOURCES)}.",
        )
    return reader
