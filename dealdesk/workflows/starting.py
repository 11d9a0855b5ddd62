"""Start a deal: from scratch, as a copy, or from a file; one form starts one deal."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from dealdesk.audit.operations import record
from dealdesk.deals.editing import FILE, DealData, credited, data_of, deal_of
from dealdesk.deals.models import DealRow, Stage
from dealdesk.deals.new_deal import copied, signed_over, uploaded
from dealdesk.deals.party_checks import party_problems
from dealdesk.deals.queries import CREATE, get_deal, next_number
from dealdesk.identity.permissions import scope_of
from dealdesk.kernel.errors import ConflictError, DomainError, RefusedError
from dealdesk.kernel.hashing import Json
from dealdesk.kernel.located_yaml import load_yaml
from dealdesk.workflows.approval_work import Act
from dealdesk.workflows.deal_rulebook import rules_in_force
from dealdesk.workflows.quoting import Quote, quote
from dealdesk.workflows.recording import quote_data, record_deal_version

_TRIES = 5


@dataclass(frozen=True, slots=True)
class Beginning:
    """How a deal starts, in words, which form started it, and for which account if any."""

    words: str
    form_key: str
    account_id: int | None = None


def start_deal(act: Act, data: DealData, beginning: Beginning) -> DealRow:
    """Start a deal of the actor's with a number of its own and return it.

    The same form sent twice starts one deal. Raise RefusedError where the actor may not start any,
    DomainError with every fault of the data, each at its path.
    """
    if scope_of(act.actor, CREATE) is None:
        raise RefusedError.of("may-not-start", "Deals are started by those who sell.")
    known = act.session.scalar(
        select(DealRow).where(
            DealRow.form_key == beginning.form_key, DealRow.owner_id == act.actor.id
        )
    )
    if known is not None:
        return known
    row, numbered, quoted = _numbered(act, data, beginning)
    facts: dict[str, Json] = {"number": row.number, "owner": row.owner_id}
    record(act.session, act.actor, row.id, "deals:deal:started", facts, now=act.now)
    record_deal_version(act, row, numbered, beginning.words, quoted=quoted)
    return row


def copy_deal(act: Act, number: str, title: str, start: str, form_key: str) -> DealRow:
    """Start a deal as a copy of one that the actor may see: order and clauses, no decisions."""
    source = get_deal(act.session, number, actor=act.actor)
    data = copied(data_of(source.deal_file), title, start)
    beginning = Beginning(f"Copied from {number}", form_key, source.account_id)
    return start_deal(act, data, beginning)


def start_from_file(act: Act, text: str, form_key: str) -> DealRow:
    """Start a deal from a deal file; its number, people and decisions are left behind."""
    data = credited({}, uploaded(data_of(text)), act.actor.name)
    # Read once with the file's own lines, so that whatever is wrong is told where it stands.
    rules = rules_in_force(act.session, act.rules, act.now)
    example = signed_over(data, "D-0", act.actor.name, act.now.date())
    deal = deal_of(example, rules.catalogue, load_yaml(text, FILE).lines)
    if problems := tuple(party_problems(deal.customer, "customer.")):
        raise DomainError(problems)
    quote(deal, rules.library, rules.policy, rules.catalogue)
    return start_deal(act, data, Beginning("Started from a deal file", form_key))


def _numbered(act: Act, data: DealData, beginning: Beginning) -> tuple[DealRow, DealData, Quote]:
    """Return the row, the data under the next number, and what it comes to.

    Two at once get two numbers.
    """
    rules = rules_in_force(act.session, act.rules, act.now)
    for _ in range(_TRIES):
        number = next_number(act.session, act.now.year)
        numbered = signed_over(data, number, act.actor.name, act.now.date())
        # Faults are told before a row is written, so that a wrong form leaves nothing behind.
        quoted = quote_data(numbered, rules)
        deal = quoted.deal
        row = DealRow(
            number=number,
            title=deal.title,
            customer=deal.customer.name,
            owner=deal.owner,
            owner_id=act.actor.id,
            account_id=beginning.account_id,
            deal_file="",
            stage=Stage.DRAFT.value,
            created_at=act.now,
            form_key=beginning.form_key,
        )
        try:
            with act.session.begin_nested():
                act.session.add(row)
        except IntegrityError:
            continue
        return row, numbered, quoted
    raise ConflictError.of(
        "no-number", "Several deals were started at the same moment.", remedy="Send it again."
    )
