"""Flask-SQLAlchemy for one thing: a session a request, on the engine that every edge shares."""

from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from dealdesk.kernel.engine import WRITES
from dealdesk.web.desk import EXTENSION, Desk


class Database(SQLAlchemy):
    """The extension without an engine of its own; tables stand on the kernel's Base."""

    def _make_engine(self, bind_key: str | None, options: dict[str, Any], app: Flask) -> Engine:
        del bind_key, options
        shared: Desk = app.extensions[EXTENSION]
        return shared.engine

    def writing(self) -> Session:
        """Return the request's session with SQLite's write lock taken at its start."""
        opened = self.session()
        opened.connection(execution_options={WRITES: True})
        return opened


database = Database(session_options={"expire_on_commit": False})
