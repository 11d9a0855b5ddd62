"""The mail server and the queue, behind the outbox's ports."""
