"""How long sealing takes: B-B over a rendered agreement, PDF and DOCX."""

import json
import time
from datetime import UTC, datetime

from dealdesk.signing.certificates import make_development_identity
from dealdesk.signing.docx_seal import seal_docx
from dealdesk.signing.pdf_seal import seal_pdf
from tests.documents.sealable import agreement_docx, prepared

_RUNS = 7


def main() -> None:
    """Print the best of several runs in milliseconds, as one JSON line."""
    now = datetime.now(UTC)
    identity = make_development_identity(now)
    pdf, docx = prepared(), agreement_docx()
    print(
        json.dumps(
            {
                "seal_pdf_b_b_ms": _best(lambda: seal_pdf(pdf, identity, now=now)),
                "seal_docx_ms": _best(lambda: seal_docx(docx, identity, now=now)),
            }
        )
    )


def _best(call: "object") -> int:
    assert callable(call)
    times = []
    for _ in range(_RUNS):
        start = time.perf_counter_ns()
        call()
        times.append(time.perf_counter_ns() - start)
    return round(min(times) / 1_000_000)


if __name__ == "__main__":
    main()
