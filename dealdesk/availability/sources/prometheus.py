"""Prometheus: the result of a range query of a series that is 1 while up and 0 while down."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from dealdesk.availability.sources.sampled import sampled_reading
from dealdesk.availability.sources.samples import Sample
from dealdesk.availability.sources.source import MAJOR, PARTIAL, Reading, SourceFile, Taken

NAME = "prometheus"
_NAMES = ("component", "service", "instance", "job")


def read_prometheus(files: Sequence[SourceFile], taken: Taken) -> Reading:
    """Return the samples of query_range: 0 is an outage, between 0 and 1 a partial one."""
    series: dict[str, list[Sample]] = {}
    for file in files:
        data = file.mapping(file.json(), "The file")
        if data.get("status") != "success":
            raise file.error("The query did not succeed.", "Ask Prometheus again.")
        result = file.mapping(data.get("data"), "data")
        if result.get("resultType") != "matrix":
            raise file.error(
                f"The result is a {result.get('resultType')}, not a matrix.",
                "Use /api/v1/query_range.",
            )
        for item in file.listed(result.get("result"), "result"):
            samples = series.setdefault(_name(item.get("metric") or {}), [])
            for pair in file.listed(item.get("values"), "values"):
                samples.append(_sample(pair, file))
    return sampled_reading(NAME, files, series, taken)


def _name(metric: Mapping[str, Any]) -> str:
    return next((str(metric[label]) for label in _NAMES if label in metric), "")


def _sample(pair: object, file: SourceFile) -> Sample:
    try:
        at, value = file.listed(pair, "A sample")
        number, seconds = Decimal(str(value)), int(Decimal(str(at)))
    except (ValueError, InvalidOperation) as error:
        raise file.error(f"“{str(pair)[:80]}” is no sample.") from error
    if number.is_nan() or number <= 0:
        return seconds, MAJOR
    return seconds, "" if number >= 1 else PARTIAL
