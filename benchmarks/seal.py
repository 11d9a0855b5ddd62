"""How long sealing takes: B-B over the rich deal's agreement, PDF and DOCX."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from statistics import median

from dealdesk.signing.certificates import make_development_identity
from dealdesk.signing.docx_seal import seal_docx
from dealdesk.signing.pdf_seal import seal_pdf
from tests.enterprise import rich_package

_RUNS = 7
REACH_MS = 200


def measure() -> list[dict[str, object]]:
    """Return the median of several runs in milliseconds."""
    now = datetime.now(UTC)
    identity = make_development_identity(now)
    files = rich_package().files
    pdf, docx = files["agreement.pdf"], files["agreement.docx"]
    return [
        {
            "what": "seal PDF, B-B",
            "median_ms": _median_ms(lambda: seal_pdf(pdf, identity, now=now)),
            "reach_ms": REACH_MS,
        },
        {
            "what": "seal DOCX",
            "median_ms": _median_ms(lambda: seal_docx(docx, identity, now=now)),
            "reach_ms": "",
        },
    ]


def _median_ms(work: Callable[[], object]) -> float:
    times = []
    for _ in range(_RUNS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return round(median(times) * 1000, 1)
