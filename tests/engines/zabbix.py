"""A scratch Zabbix: the frontend's own API on loopback over a scratch PostgreSQL database."""

import gzip
import os
import shutil
import socket
import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
from sqlalchemy import URL, create_engine, make_url

from tests.databases import _postgresql

FRONTEND = Path("/usr/share/zabbix")
SQL = Path("/usr/share/zabbix-server-pgsql")
CONFIG = "/etc/zabbix/zabbix.conf.php"
# What the API needs to let its first user in; templates and dashboards are left out.
TABLES = (
    "role",
    "role_rule",
    "users",
    "usrgrp",
    "users_groups",
    "config",
    "dbversion",
    "hstgrp",
    "regexps",
    "media_type",
    "module",
)
PARTS = ("api_jsonrpc.php", "include", "app", "local", "conf", "vendor", "modules", "locale")


def missing() -> str:
    """Return why Zabbix can't be asked here, or nothing."""
    if shutil.which("php") is None:
        return "php is not installed (php-cli, php-pgsql)"
    for path in (FRONTEND / "api_jsonrpc.php", SQL / "schema.sql.gz"):
        if not path.is_file():
            return f"{path} is absent (zabbix-frontend-php, zabbix-server-pgsql)"
    return ""


class Zabbix:
    """One scratch installation: its API, and its database for what only the server would write."""

    def __init__(self, url: str, database: URL) -> None:
        self.url = url
        self.engine = create_engine(database, isolation_level="AUTOCOMMIT")
        self.session = requests.Session()
        self.session.trust_env = False
        self.auth = self.call("user.login", {"user": "Admin", "password": "zabbix"}, auth=None)

    def call(self, method: str, params: object, **more: Any) -> Any:
        """Return what the API answers. Fail with its own message otherwise."""
        body = {"jsonrpc": "2.0", "method": method, "params": params, "id": 1}
        auth = more.get("auth", getattr(self, "auth", None))
        answer = self.session.post(
            f"{self.url}/api_jsonrpc.php", json={**body, "auth": auth}, timeout=60
        ).json()
        assert "error" not in answer, answer["error"]
        return answer["result"]

    def service(self, name: str, tag: dict[str, str], since: int) -> str:
        """Create a service that carries a tag and exists since an instant."""
        made = self.call(
            "service.create",
            {"name": name, "algorithm": 1, "sortorder": 0, "tags": [tag]},
        )
        number = str(made["serviceids"][0])
        self.run(f"UPDATE services SET created_at = {since} WHERE serviceid = {number}")
        return number

    def outages(self, service: str, spans: list[tuple[int, int]]) -> None:
        """Write a service's history as the server would: a problem at each start, none at each end."""
        rows = [(at, value) for a, b in spans for at, value in ((a, 5), (b, -1))]
        values = ", ".join(
            f"({n}, {service}, {at}, {value})" for n, (at, value) in enumerate(rows, 1)
        )
        self.run(
            f"INSERT INTO service_alarms (servicealarmid, serviceid, clock, value) VALUES {values}"
        )

    def run(self, sql: str) -> None:
        """Run SQL in the scratch database."""
        with self.engine.connect() as connection:
            connection.exec_driver_sql(sql)


@contextmanager
def serving(folder: Path) -> Iterator[Zabbix]:
    """Give a Zabbix whose files are in a folder and whose database is dropped afterwards."""
    server = make_url(_postgresql())
    name = f"zabbix_{uuid.uuid4().hex[:12]}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    database = server.set(database=name)
    try:
        _load(database)
        with _php(_frontend(folder, database)) as url:
            zabbix = Zabbix(url, database)
            try:
                yield zabbix
            finally:
                zabbix.engine.dispose()
    finally:
        with admin.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
        admin.dispose()


def _load(database: URL) -> None:
    engine = create_engine(database, isolation_level="AUTOCOMMIT")
    schema = gzip.decompress((SQL / "schema.sql.gz").read_bytes()).decode()
    with engine.connect() as connection:
        cursor = connection.connection.cursor()
        cursor.execute(schema)
        for statement in _statements():
            cursor.execute(statement)
    engine.dispose()


def _statements() -> Iterator[str]:
    """Yield the inserts into the tables that are needed."""
    text = gzip.decompress((SQL / "data.sql.gz").read_bytes()).decode()
    for statement in text.split("\nINSERT INTO ")[1:]:
        if statement.split(maxsplit=1)[0] in TABLES:
            yield f"INSERT INTO {statement.split(chr(10) + 'DELETE', 1)[0].replace('COMMIT;', '')}"


def _frontend(folder: Path, database: URL) -> Path:
    """Copy what the API is made of, with a configuration of its own beside it."""
    place, config = folder / "frontend", folder / "zabbix.conf.php"
    place.mkdir()
    for part in PARTS:
        source = FRONTEND / part
        if source.is_dir():
            shutil.copytree(source, place / part, symlinks=False, ignore_dangling_symlinks=True)
        elif source.is_file():
            shutil.copy(source, place / part)
    core = place / "include" / "classes" / "core" / "CConfigFile.php"
    core.write_text(core.read_text("utf-8").replace(CONFIG, str(config)), "utf-8")
    host = database.host or database.query.get("host", "")
    config.write_text(
        "<?php\n$DB['TYPE'] = 'POSTGRESQL';\n"
        f"$DB['SERVER'] = '{host}';\n$DB['PORT'] = '{database.port or 0}';\n"
        f"$DB['DATABASE'] = '{database.database}';\n$DB['USER'] = '{database.username}';\n"
        f"$DB['PASSWORD'] = '{database.password or ''}';\n$DB['SCHEMA'] = '';\n"
        "$DB['ENCRYPTION'] = false;\n$DB['DOUBLE_IEEE754'] = true;\n"
        "$ZBX_SERVER_NAME = 'scratch';\n$IMAGE_FORMAT_DEFAULT = IMAGE_FORMAT_PNG;\n",
        "utf-8",
    )
    return place


@contextmanager
def _php(place: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = (place.parent / "php.log").open("wb")
    process = subprocess.Popen(
        ["php", "-S", f"127.0.0.1:{port}", "-t", str(place)],
        stdout=log,
        stderr=log,
        env=os.environ | {"TZ": "UTC"},
    )
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=10)
        log.close()
