"""Send a promised message: with its secrets, under an id that repeats when it is sent again."""

import json
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from sqlalchemy.orm import Session

from dealdesk.kernel.errors import NotFoundError
from dealdesk.kernel.hashing import sha256_text
from dealdesk.outbox.leases import Claim, HeldError
from dealdesk.outbox.models import MailRow
from dealdesk.outbox.ports import Mailer
from dealdesk.outbox.queries import find_mail
from dealdesk.outbox.templates import Message, filled

SENDER_NAME = "DealDesk"


def deliver(
    session: Session, claim: Claim, mailer: Mailer | None, sender: str
) -> Callable[[Session, datetime], None] | None:
    """Send a job's message, and return what writes that down; None where it was sent before.

    Raise HeldError where there is no mail server.
    """
    mail = find_mail(session, claim.job)
    if mail is None:
        raise NotFoundError.of("no-such-mail", f"Job {claim.job} has no message.")
    if mail.sent_at is not None:
        return None
    if mailer is None:
        raise HeldError.of(
            "no-mail-server",
            "No mail server is set, so the message is kept here.",
            remedy="Set DEALDESK_SMTP_URL, start again, and run the job again.",
        )
    mailer.send(email_message(mail, claim.key, sender))
    number = mail.id

    def keep(unit: Session, now: datetime) -> None:
        sent = unit.get_one(MailRow, number)
        sent.sent_at, sent.secrets = now, None

    return keep


def email_message(mail: MailRow, key: str, sender: str) -> EmailMessage:
    """Return the message as it goes out: text and HTML, with its secrets."""
    secrets = json.loads(mail.secrets) if mail.secrets else {}
    texts = filled(Message(mail.subject, mail.text, mail.html), secrets)
    message = EmailMessage(policy=SMTP)
    message["From"] = f"{SENDER_NAME} <{sender}>"
    message["To"] = mail.to_address
    message["Subject"] = texts.subject
    message["Date"] = format_datetime(mail.created_at)
    message["Message-ID"] = message_id(key, sender)
    # Out-of-office replies to a program help nobody (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(texts.text)
    message.add_alternative(texts.html, subtype="html")
    return message


def message_id(key: str, sender: str) -> str:
    """Return the id of the message promised under a key: sent twice, it is one for its reader."""
    return f"<{sha256_text(key)[:40]}@{sender.rpartition('@')[2]}>"
