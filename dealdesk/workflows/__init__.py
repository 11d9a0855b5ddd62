"""Use cases that span contexts: each gathers from several and asks the pure rules."""
