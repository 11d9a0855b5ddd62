"""The worker: does what the outbox promised, and what timers ask for."""
