"""Mail to a deal's people about what came through a customer's link."""

from sqlalchemy import select

from dealdesk.deals.models import DealRow
from dealdesk.identity.models import UserRow
from dealdesk.outbox.operations import enqueue_mail
from dealdesk.sharing.models import ShareLinkRow
from dealdesk.workflows.sending import Step


def tell_people_of_link(  # noqa: PLR0913 - whose step on which link, in which words, leading where
    step: Step,
    link: ShareLinkRow,
    template: str,
    more: dict[str, object],
    *,
    key: str,
    address: str,
) -> None:
    """Promise the deal's owner and whoever sent the link a message, each in their language.

    `more` is what the template says beside who wrote, of which deal; `address` is the page on
    which it stands, without our own address; `key` names what came, once for each person.
    """
    deal = step.session.get_one(DealRow, link.deal_id)
    wanted = {one for one in (deal.owner_id, link.created_by) if one is not None}
    people = step.session.scalars(
        select(UserRow).where(UserRow.id.in_(wanted), UserRow.deactivated_at.is_(None))
    )
    for person in people:
        context = {
            "name": person.name,
            "who": link.name,
            "number": deal.number,
            "customer": deal.customer,
            "link": f"{step.settings.links_lead_to}{address}",
            **more,
        }
        enqueue_mail(
            step.session, person.email, template, context,
            key=f"{key}:{person.id}", now=step.now, language=person.language,
        )  # fmt: skip
