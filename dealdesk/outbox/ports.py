"""What carries jobs to a worker, and mail out of the house."""

from email.message import EmailMessage
from typing import Protocol


class Queue(Protocol):
    """Carries the ids of jobs; may lose or repeat them, since the rows tell what is due."""

    def send(self, job: int) -> None:
        """Tell the workers that a job is due. Never raises: the sweep finds what got lost."""
        ...

    def waiting(self) -> int:
        """Return how many ids no worker has taken yet."""
        ...


class Mailer(Protocol):
    """Hands messages to a mail server."""

    def send(self, message: EmailMessage) -> None:
        """Have the server take the message.

        Raise UnavailableError where it may take it later, RefusedError where it never will.
        """
        ...
