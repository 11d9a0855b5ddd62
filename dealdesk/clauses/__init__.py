"""The clause library: load, lint, versions, positions and typed variables."""
