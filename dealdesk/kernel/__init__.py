"""What every context stands on: errors, hashes, settings, the ORM base. Imports nothing of ours."""
