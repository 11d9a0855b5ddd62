"""Migrations are tested on the same databases as the rest."""

from tests.integration.conftest import blank, engine, servers, settings

__all__ = ["blank", "engine", "servers", "settings"]
