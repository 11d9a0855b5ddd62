"""Gatus: recent results of its endpoints (/api/v1/endpoints/statuses)."""

from collections.abc import Sequence

from dealdesk.availability.sources.sampled import sampled_reading
from dealdesk.availability.sources.samples import Sample
from dealdesk.availability.sources.source import MAJOR, Reading, SourceFile, Taken

NAME = "gatus"


def read_gatus(files: Sequence[SourceFile], taken: Taken) -> Reading:
    """Return failed results as outages of their endpoints."""
    series: dict[str, list[Sample]] = {}
    for file in files:
        for endpoint in file.listed(file.json(), "The file"):
            item = file.mapping(endpoint, "An endpoint")
            group, name = item.get("group"), str(item.get("name"))
            samples = series.setdefault(f"{group}/{name}" if group else name, [])
            for result in file.listed(item.get("results"), "results"):
                at = file.instant(result.get("timestamp"), "timestamp")
                samples.append((at, "" if result.get("success") is True else MAJOR))
    return sampled_reading(NAME, files, series, taken)
