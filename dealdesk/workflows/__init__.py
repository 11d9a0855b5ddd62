"""Use cases that span contexts: from a deal file to sealed files."""
