"""Messages about approvals: whom they go to, and what they say."""

from collections.abc import Iterable, Sequence

from dealdesk.approvals.asks import reasons_of
from dealdesk.approvals.lifecycle import Kind
from dealdesk.approvals.request_models import RequestRow
from dealdesk.identity.queries import Person
from dealdesk.outbox.operations import enqueue_mail
from dealdesk.workflows.approval_work import Act, Desk, sellers
from dealdesk.workflows.stored_deals import StoredDeal


def told_of(desk: Desk, stored: StoredDeal, row: RequestRow) -> tuple[Person, ...]:
    """Return who hears of a request: the one it was given to, else all who may decide on it."""
    delegate = desk.person(row.delegate_id)
    if delegate is not None and delegate.deactivated_at is None:
        return (delegate,)
    return tuple(one.person for one in desk.deciders(stored, row.role))


def tell_asked(act: Act, desk: Desk, stored: StoredDeal, rows: Iterable[RequestRow]) -> None:
    """Promise a message to all who may decide on requests that were opened or given to them."""
    for row in rows:
        for person in told_of(desk, stored, row):
            _mail(
                act,
                stored,
                row,
                person,
                template="approval-asked",
                key=f"asked:{row.delegate_id or 0}",
            )


def tell_late(
    act: Act, stored: StoredDeal, row: RequestRow, people: Sequence[Person], *, is_escalated: bool
) -> None:
    """Promise a message that a request is due, or that others let it run over."""
    name = "approval-escalated" if is_escalated else "approval-reminder"
    for person in people:
        _mail(act, stored, row, person, template=name, key=name)


def tell_sellers(  # noqa: PLR0913 - who tells whose people of which request what, in which words
    act: Act, desk: Desk, stored: StoredDeal, row: RequestRow, *, verdict: str, words: str
) -> None:
    """Promise the deal's people a message on what was decided, or asked of them."""
    for number in sorted(sellers(stored)):
        person = desk.person(number)
        if person is not None and person.id != act.actor.id:
            _mail(
                act, stored, row, person, template="approval-told", key=f"{verdict}:{row.revision}",
                verdict=verdict, words=words, who=act.actor.name,
                link=f"{act.address}/deals/{stored.row.number}/approvals",
            )  # fmt: skip


def tell_answered(act: Act, desk: Desk, stored: StoredDeal, row: RequestRow, words: str) -> None:
    """Promise a message with an answer to those who may decide."""
    for person in told_of(desk, stored, row):
        _mail(
            act, stored, row, person, template="approval-told", key=f"answered:{row.revision}",
            verdict="answered", words=words, who=act.actor.name,
        )  # fmt: skip


def _mail(  # noqa: PLR0913 - a message is on which request, to whom, which, named how
    act: Act,
    stored: StoredDeal,
    row: RequestRow,
    person: Person,
    *,
    template: str,
    key: str,
    **more: object,
) -> None:
    if act.is_history:
        return
    context: dict[str, object] = {
        "name": person.name,
        "number": stored.row.number,
        "customer": stored.row.customer,
        "deal": stored.row.title,
        "role": stored.quote.policy.title_of(row.role),
        "is_exception": row.kind == Kind.EXCEPTION.value,
        "reasons": [reason.message for reason in reasons_of(row.reasons)],
        "due_at": row.due_at,
        "submitter": stored.submission.submitter if stored.submission else stored.row.owner,
        "link": f"{act.address}/queue/{row.id}",
        **more,
    }
    enqueue_mail(
        act.session,
        person.email,
        template,
        context,
        key=f"approvals:{row.id}:{key}:{person.id}",
        now=act.now,
        language=person.language,
    )
