"""What the stages of a deal are called."""

from collections.abc import Mapping

from dealdesk.deals.models import Stage
from dealdesk.kernel.languages import gettext_noop

STAGES: Mapping[Stage, str] = {
    Stage.DRAFT: gettext_noop("Draft"),
    Stage.NEGOTIATION: gettext_noop("Negotiation"),
    Stage.SIGNATURE: gettext_noop("Signature"),
    Stage.SIGNED: gettext_noop("Signed"),
    Stage.LOST: gettext_noop("Lost"),
}
