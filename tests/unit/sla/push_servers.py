"""Local servers that keep a support system's objects, enforce its schema, and misbehave when told."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from jsonschema import Draft202012Validator

from dealdesk.sla.exporters.export import Options
from dealdesk.sla.push.client import Client
from dealdesk.sla.push.run import Job, access_to
from tests.unit.sla.exports import ACME, GOLDEN, contract

TOKEN = "s3cret-token-for-tests"
TODAY = date(2026, 11, 10)
CUSTOMER = contract(ACME).customer


@dataclass
class Fault:
    """One misbehaviour: on which requests, how often, before or after the request has its effect."""

    method: str
    part: str
    kind: str  # "status", "hang", "cut", "garbage", "lossy"
    status: int = 500
    headers: dict[str, str] = field(default_factory=dict)
    is_applied: bool = False
    times: int = 1


@dataclass
class Request:
    """One request as a fake sees it."""

    method: str
    path: str
    query: dict[str, str]
    body: Any


@dataclass
class Kind:
    """A collection of a fake: the envelope of one and of many, its schema by golden name."""

    one: str
    many: str
    schema: str = ""


class Fake:
    """What all the fakes are: objects by path, faults, a log of requests."""

    target = ""
    kinds: dict[str, Kind] = {}  # noqa: RUF012 - set by each class

    def __init__(self) -> None:
        self.objects: dict[str, list[dict[str, Any]]] = {path: [] for path in self.kinds}
        self.faults: list[Fault] = []
        self.log: list[tuple[str, str]] = []
        self.authorizations: set[str] = set()
        self.lock = threading.Lock()
        self.last = 1000
        self.url = ""

    def authorized(self, header: str) -> bool:
        return header == access_to(self.target, self.url, "", TOKEN, "X").authorization

    def writes(self) -> list[tuple[str, str]]:
        return [entry for entry in self.log if entry[0] != "GET"]

    def only(self, path: str, name: str = "") -> dict[str, Any]:
        (found,) = [
            o for o in self.objects[path] if name in (o.get("name") or o.get("title") or "")
        ]
        return found

    def special(self, request: Request) -> tuple[int, Any] | None:
        """Answer what only this system has; None leaves it to the collections."""
        del request

    def answer(self, method: str, path: str, query: dict[str, str], body: Any) -> tuple[int, Any]:
        found = self.special(Request(method, path, query, body))
        if found is not None:
            return found
        if path in self.kinds:
            return self.collection(method, path, query, body)
        parent, _, number = path.rpartition("/")
        if parent in self.kinds and number.isdecimal():
            return self.item(method, parent, int(number), body)
        return 404, {"error": "RecordNotFound"}

    def collection(
        self, method: str, path: str, query: dict[str, str], body: Any
    ) -> tuple[int, Any]:
        kind = self.kinds[path]
        if method == "GET":
            items, page = self.objects[path], int(query.get("page", 1))
            size = int(query.get("per_page", 0)) or 3
            shown = items[(page - 1) * size : page * size]
            more = len(items) > page * size
            if not kind.many:
                return 200, shown if "per_page" in query else items
            return 200, {
                kind.many: shown,
                "next_page": f"{self.url}{path}?page={page + 1}" if more else None,
            }
        errors = self.faults_of(kind, body)
        if errors:
            return 422, {"error": "Unprocessable", "details": errors}
        item = dict(body[kind.one]) if kind.one else dict(body)
        names = [o.get("name") or o.get("title") or o.get("start_date") for o in self.objects[path]]
        if self.is_unique and (item.get("name") or item.get("title")) in names:
            return 409, {"error": "name is taken"}
        self.last += 1
        item["id"] = self.last
        item["updated_at"] = "2026-11-10T00:00:00Z"
        self.placed(path, item)
        return 201, {kind.one: item} if kind.one else item

    is_unique = False

    def placed(self, path: str, item: dict[str, Any]) -> None:
        self.objects[path].append(item)

    def item(self, method: str, path: str, number: int, body: Any) -> tuple[int, Any]:
        kind = self.kinds[path]
        found = next((o for o in self.objects[path] if o["id"] == number), None)
        if found is None:
            return 404, {"error": "RecordNotFound"}
        if method == "DELETE":
            self.objects[path].remove(found)
            return 204, None
        if method == "PUT":
            changed = body[kind.one] if kind.one else body
            whole = {k: v for k, v in found.items() if k in self.writable(kind)} | changed
            errors = self.faults_of(kind, {kind.one: whole} if kind.one else whole)
            if errors:
                return 422, {"error": "Unprocessable", "details": errors}
            found.update(changed)
        return 200, {kind.one: found} if kind.one else found

    def schema(self, kind: Kind) -> dict[str, Any]:
        return json.loads(
            (GOLDEN / self.target / "schemas" / f"{kind.schema}.json").read_text("utf-8")
        )

    def writable(self, kind: Kind) -> set[str]:
        if not kind.schema:
            return set()
        properties = self.schema(kind)["properties"]
        return set(properties[kind.one]["properties"] if kind.one else properties)

    def faults_of(self, kind: Kind, body: Any) -> list[str]:
        if not kind.schema:
            return []
        return [e.message for e in Draft202012Validator(self.schema(kind)).iter_errors(body)]


class FakeZendesk(Fake):
    target = "zendesk"
    kinds = {  # noqa: RUF012
        "/api/v2/business_hours/schedules": Kind("schedule", "schedules", "schedule"),
        "/api/v2/slas/policies": Kind("sla_policy", "sla_policies", "sla_policy"),
        "/api/v2/triggers": Kind("trigger", "triggers"),
        "/api/v2/organizations": Kind("organization", "organizations"),
    }

    def __init__(self) -> None:
        super().__init__()
        self.objects["/api/v2/organizations"] = [
            {"id": 7, "name": CUSTOMER},
            {"id": 8, "name": f"{CUSTOMER} East"},
        ]
        self.objects["/api/v2/slas/policies"] = [
            {
                "id": n,
                "title": f"Other {n}",
                "position": n,
                "filter": {"all": [], "any": []},
                "policy_metrics": [],
            }
            for n in range(1, 5)
        ]
        self.holidays: list[dict[str, Any]] = []

    def special(self, request: Request) -> tuple[int, Any] | None:
        method, path, query, body = request.method, request.path, request.query, request.body
        if path == "/api/v2/organizations/search":
            name = query.get("name", "")
            return 200, {
                "organizations": [
                    o for o in self.objects["/api/v2/organizations"] if o["name"].startswith(name)
                ]
            }
        if path == "/api/v2/slas/policies/reorder" and method == "PUT":
            places = {number: n for n, number in enumerate(body["sla_policy_ids"], 1)}
            for policy in self.objects["/api/v2/slas/policies"]:
                policy["position"] = places[policy["id"]]
            return 200, None
        schedules = "/api/v2/business_hours/schedules/"
        if path.startswith(schedules) and path.endswith("/workweek") and method == "PUT":
            schema = json.loads(
                (GOLDEN / "zendesk" / "schemas" / "workweek.json").read_text("utf-8")
            )
            if not Draft202012Validator(schema).is_valid(body):
                return 422, {"error": "intervals"}
            number = int(path.removeprefix(schedules).split("/")[0])
            found = next(o for o in self.objects[schedules[:-1]] if o["id"] == number)
            found["intervals"] = body["workweek"]["intervals"]
            return 200, {"workweek": body["workweek"]}
        if path.startswith(schedules) and "/holidays" in path:
            return self.holiday(method, path.rpartition("/holidays")[2], body)
        return None

    def holiday(self, method: str, rest: str, body: Any) -> tuple[int, Any]:
        if method == "GET":
            return 200, {"holidays": self.holidays}
        if method == "POST":
            schema = json.loads(
                (GOLDEN / "zendesk" / "schemas" / "holidays.json").read_text("utf-8")
            )
            if not Draft202012Validator(schema).is_valid({"holidays": [body["holiday"]]}):
                return 422, {"error": "holiday"}
            self.last += 1
            made = {**body["holiday"], "id": self.last}
            self.holidays.append(made)
            return 201, {"holiday": made}
        number = int(rest.strip("/"))
        found = next((h for h in self.holidays if h["id"] == number), None)
        if found is None:
            return 404, {"error": "RecordNotFound"}
        if method == "DELETE":
            self.holidays.remove(found)
            return 204, None
        found.update(body["holiday"])
        return 200, {"holiday": found}

    def placed(self, path: str, item: dict[str, Any]) -> None:
        if "slas" in path:
            for other in self.objects[path]:
                other["position"] += other["position"] >= item["position"]
        super().placed(path, item)


class FakeZammad(Fake):
    target = "zammad"
    is_unique = True
    kinds = {  # noqa: RUF012
        "/api/v1/calendars": Kind("", "", "calendar"),
        "/api/v1/slas": Kind("", "", "sla-"),
        "/api/v1/organizations": Kind("", ""),
    }

    def __init__(self) -> None:
        super().__init__()
        self.objects["/api/v1/organizations"] = [{"id": 7, "name": CUSTOMER}]

    def special(self, request: Request) -> tuple[int, Any] | None:
        if request.path == "/api/v1/organizations/search":
            return 200, self.objects["/api/v1/organizations"]
        return None


class FakeFreshdesk(Fake):
    target = "freshdesk"
    is_unique = True
    kinds = {  # noqa: RUF012
        "/api/v2/sla_policies": Kind("", "", "sla_policy"),
        "/api/v2/companies": Kind("", ""),
    }

    def __init__(self) -> None:
        super().__init__()
        self.objects["/api/v2/companies"] = [{"id": 7, "name": CUSTOMER}]
        self.objects["/api/v2/sla_policies"] = [
            {"id": n, "name": f"Other {n}"} for n in range(1, 121)
        ]

    def special(self, request: Request) -> tuple[int, Any] | None:
        if request.path == "/api/v2/companies/autocomplete":
            return 200, {"companies": self.objects["/api/v2/companies"]}
        return None


FAKES: dict[str, type[Fake]] = {
    "zendesk": FakeZendesk,
    "zammad": FakeZammad,
    "freshdesk": FakeFreshdesk,
}


class Handler(BaseHTTPRequestHandler):
    """Hands requests to the fake, and misbehaves as its faults say."""

    protocol_version = "HTTP/1.1"
    # Head and body go out at once: small writes apart wait 40 ms for each other.
    wbufsize = -1
    disable_nagle_algorithm = True
    fake: Fake

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Say nothing."""

    def handle_any(self) -> None:
        parts = urlsplit(self.path)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        size = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(size)) if size else None
        fake = self.fake
        with fake.lock:
            fake.log.append((self.command, parts.path))
            fault = self.take_fault(parts.path)
            if not fake.authorized(self.headers.get("Authorization", "")):
                return self.reply(401, {"error": "Couldn't authenticate you"})
            if fault and fault.kind == "lossy":
                body = lose(body)
            if not fault or fault.is_applied or fault.kind == "lossy":
                status, answer = fake.answer(self.command, parts.path, query, body)
        if fault and fault.kind != "lossy":
            return self.misbehave(fault)
        return self.reply(status, answer)

    def take_fault(self, path: str) -> Fault | None:
        for fault in self.fake.faults:
            if fault.times and fault.method == self.command and fault.part in path:
                fault.times -= 1
                return fault
        return None

    def misbehave(self, fault: Fault) -> None:
        match fault.kind:
            case "status":
                self.reply(fault.status, {"error": f"try later, {TOKEN}"}, fault.headers)
            case "hang":
                time.sleep(0.7)
                self.close_connection = True
            case "cut":
                self.close_connection = True
                self.wfile.close()
            case _:
                data = b"<html>Sign in</html>"
                self.send_response(200)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

    def reply(self, status: int, answer: Any, headers: dict[str, str] | None = None) -> None:
        data = b"" if answer is None else json.dumps(answer).encode()
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_PUT = do_DELETE = handle_any  # noqa: N815 - the library's names


def lose(body: Any) -> Any:
    """Return a write of which half is lost: one time fewer than was sent."""
    changed = json.loads(json.dumps(body))
    inner = changed.get("sla_policy", changed)
    if inner.get("policy_metrics"):
        inner["policy_metrics"].pop()
    elif "first_response_time" in inner:
        inner["first_response_time"] = None
    elif "sla_target" in inner:
        inner["sla_target"]["priority_4"]["respond_within"] = 3660
    return changed


@contextmanager
def serving(fake: Fake) -> Iterator[Fake]:
    """Serve a fake on a port of this machine."""
    handler = type("Bound", (Handler,), {"fake": fake})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    fake.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
    )
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def client_of(fake: Fake, waits: list[float] | None = None, token: str = TOKEN) -> Client:
    """Return a client that waits in no time and tells how long it would have waited."""
    access = access_to(fake.target, fake.url, "", token, f"{fake.target.upper()}_TOKEN")
    return Client(access, sleep=(waits if waits is not None else []).append, timeout=(1.0, 0.35))


def job_of(fake: Fake, name: str = ACME, **options: Any) -> Job:
    return Job(fake.target, contract(name), Options(**options), TODAY)
