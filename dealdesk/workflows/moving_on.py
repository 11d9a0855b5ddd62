"""Move a deal by hand: to signature, back, lost or taken up again, with what that settles."""

from dealdesk.approvals.request_queries import get_submission
from dealdesk.approvals.requests import live_requests, withdraw_submission
from dealdesk.deals.lifecycle import StageAction
from dealdesk.deals.moving import move_deal
from dealdesk.sharing.operations import revoke_links
from dealdesk.workflows.approval_work import Act
from dealdesk.workflows.stages import readiness_of
from dealdesk.workflows.stored_deals import StoredDeal


def move_on(act: Act, stored: StoredDeal, action: StageAction, reason: str = "") -> None:
    """Move a deal; one that is lost takes back what was asked of anybody, and the customer's links.

    What was decided stays decided. Raise RefusedError with every obstacle.
    """
    session = act.session
    ready = readiness_of(session, stored)
    move_deal(session, act.actor, stored.row, action, ready, now=act.now, reason=reason)
    if action is not StageAction.LOSE:
        return
    revoke_links(session, act.actor, stored.row.id, act.now)
    if stored.submission and live_requests(session, stored.row.id):
        row = get_submission(session, stored.submission.id)
        withdraw_submission(session, act.actor, row, act.now)
