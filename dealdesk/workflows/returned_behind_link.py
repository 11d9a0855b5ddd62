"""A redline that the person behind a link sends back: taken in as a round, told to our people."""

from dealdesk.deals.models import DealRow
from dealdesk.files.ports import Storage
from dealdesk.identity.actors import Actor
from dealdesk.negotiation.models import RoundRow
from dealdesk.sharing.models import ShareLinkRow
from dealdesk.workflows.approval_work import Act
from dealdesk.workflows.deal_rulebook import Rules
from dealdesk.workflows.link_mail import tell_people_of_link
from dealdesk.workflows.rounds import ReturnedFile, SentFile, receive_round
from dealdesk.workflows.sending import Step
from dealdesk.workflows.stored_deals import load_stored_deal


def receive_behind_link(  # noqa: PLR0913 - whose step by which rules, of which link, with what
    step: Step,
    rules: Rules,
    storage: Storage,
    link: ShareLinkRow,
    *,
    sent: SentFile,
    file: ReturnedFile,
) -> RoundRow:
    """Record a file that came through a link as the deal's next round, and mail the deal's people.

    Raise ConflictError and RefusedError as for a file that one of us takes in.
    """
    session = step.session
    deal = session.get_one(DealRow, link.deal_id)
    # Whoever holds the link acts, without an account: the event names link and person.
    act = Act(session, rules, Actor(None, link.name), step.now)
    stored = load_stored_deal(session, deal, rules, step.now)
    row = receive_round(act, stored, sent, file, storage)
    tell_people_of_link(
        step,
        link,
        "round-received",
        {"round": row.number},
        key=f"round:{row.id}",
        address=f"/deals/{deal.number}/negotiation/rounds/{row.number}",
    )
    return row
