"""What a customer's counsel makes of the demo's rich agreement in Word."""

from datetime import UTC, datetime

from dealdesk.documents.docx.redline import write_tracked_replacements
from dealdesk.documents.docx.settle import settle_all
from dealdesk.terms.values import ValueRef

AT = datetime(2026, 11, 25, 9, 12, tzinfo=UTC)
COUNSEL = "Dana Beispiel (counsel)"


def redlined(sent: bytes) -> bytes:
    """Return what the customer's counsel makes of it: one edit unseen, a number and a phrase."""
    hidden = [("confidentiality/care", "reasonable care", "the utmost care")]
    unseen = settle_all(write_tracked_replacements(sent, hidden, COUNSEL, AT), accept=True)
    number = (ValueRef("severity", "matrix.sev1.response"), "30 minutes", "20 minutes")
    words = ("confidentiality/care", "at least", "at all times")
    return write_tracked_replacements(unseen, [number, words], COUNSEL, AT)
