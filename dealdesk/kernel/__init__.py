"""What every context stands on: errors, hashes, ids, time, settings, the ORM base. Imports nothing of ours."""
