"""The sources that history can be read from: a new one is one module and one line here."""

from collections.abc import Mapping, Sequence

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
from dealdesk.availability.sources.source import (
    Reader,
    Reading,
    SourceFile,
    Taken,
    reading_from,
)
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


def read_source(name: str, files: Sequence[SourceFile], taken: Taken) -> Reading:
    """Return what files of a source say. Raise DomainError for another source, or other files."""
    reader = SOURCES.get(name)
    if reader is None:
        raise DomainError.of(
            "unknown-source",
            f"There is no import from “{name}”.",
            remedy=f"Use one of {', '.join(SOURCES)}.",
        )
    with reading_from(name, files):
        return reader(files, taken)
