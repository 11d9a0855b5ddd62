"""What a change of a deal does to its approvals: lapses told as events, old requests superseded."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dealdesk.approvals.asks import is_same, reasons_of
from dealdesk.approvals.assessment import Reason
from dealdesk.approvals.lapses import Lapse, lapse_of
from dealdesk.approvals.lifecycle import Kind, RequestAction
from dealdesk.approvals.request_models import RequestRow
from dealdesk.approvals.requests import close, live_requests
from dealdesk.audit.operations import record
from dealdesk.kernel.hashing import Json
from dealdesk.workflows.approval_work import Act, needed
from dealdesk.workflows.stored_deals import StoredDeal


@dataclass(frozen=True, slots=True)
class Lapsed:
    """A reason that a role had decided on and has to decide on again, and why."""

    role: str
    reason: Reason
    lapse: Lapse


def lapses_between(before: StoredDeal, after: StoredDeal) -> Iterator[Lapsed]:
    """Yield what was covered before and is open after: a lapse is that difference (I6).

    A role that is no longer asked has not lapsed: nobody needs its word any more.
    """
    quote = after.quote
    covered = {
        (one.role, one.reason.rule, one.reason.subject) for one in before.quote.standing.covered
    }
    for requirement in quote.standing.open:
        for reason in requirement.reasons:
            if (requirement.role, reason.rule, reason.subject) not in covered:
                continue
            lapse = lapse_of(requirement.role, reason, quote.deal.decisions, quote.policy)
            if lapse is not None:
                yield Lapsed(requirement.role, reason, lapse)


def follow_change(act: Act, before: StoredDeal, after: StoredDeal) -> Sequence[RequestRow]:
    """Record what lapsed with a deal's new version, and supersede requests that are about the old.

    To be called wherever a deal gets a new version; returns the requests that this settled.
    """
    for one in lapses_between(before, after):
        facts: dict[str, Json] = {
            "role": one.role,
            "rule": one.reason.rule,
            "subject": one.reason.subject,
            "from": one.lapse.seen.tested,
            "to": one.reason.tested,
            "from_passage": one.lapse.seen.passage,
            "to_passage": one.reason.passage,
            "version": after.version_row.number,
        }
        record(
            act.session, act.actor, after.row.id, "approvals:decision:lapsed", facts, now=act.now
        )
    wanted = {ask.key: ask for ask in needed(after)}
    settled = []
    for row in live_requests(act.session, after.row.id):
        ask = wanted.get((row.role, Kind(row.kind)))
        if ask is None or not is_same(reasons_of(row.reasons), ask.reasons):
            facts = {"version": after.version_row.number}
            close(act.session, act.actor, row, RequestAction.SUPERSEDE, now=act.now, facts=facts)
            settled.append(row)
    return settled
