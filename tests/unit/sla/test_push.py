"""Pushes make what the contract says, once, through every misbehaviour; drift tells the rest."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from dealdesk.kernel.errors import DomainError
from dealdesk.sla.model import read_terms
from dealdesk.sla.push.client import Access, PushError
from dealdesk.sla.push.run import access_to, drift, push
from dealdesk.sla.push.sync import Action
from tests.unit.sla.exports import ACME, BERLIN, contract_data
from tests.unit.sla.push_servers import (
    FAKES,
    TOKEN,
    Fake,
    FakeZendesk,
    Fault,
    Request,
    client_of,
    job_of,
    serving,
)

POLICIES = {
    "zendesk": "/api/v2/slas/policies",
    "zammad": "/api/v1/slas",
    "freshdesk": "/api/v2/sla_policies",
}


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture(params=list(FAKES))
def fake(request: pytest.FixtureRequest) -> Iterator[Fake]:
    with serving(FAKES[request.param]()) as served:
        yield served


@pytest.fixture
def zendesk() -> Iterator[FakeZendesk]:
    with serving(FakeZendesk()) as served:
        assert isinstance(served, FakeZendesk)
        yield served


def snapshot(fake: Fake) -> str:
    return json.dumps([fake.objects, getattr(fake, "holidays", [])], sort_keys=True)


def test_a_push_makes_everything_and_a_second_one_changes_nothing(fake: Fake) -> None:
    first = push(client_of(fake), job_of(fake), is_dry=False)
    assert first.left == ()
    assert {change.action for change in first.changes} >= {Action.CREATE}
    before, writes = snapshot(fake), len(fake.writes())
    second = push(client_of(fake), job_of(fake), is_dry=False)
    assert {change.action for change in second.changes} == {Action.KEEP}
    assert (snapshot(fake), len(fake.writes())) == (before, writes)
    assert drift(client_of(fake), job_of(fake)) == ()


def test_a_dry_run_writes_nothing_and_foretells_the_push(fake: Fake) -> None:
    before = snapshot(fake)
    told = push(client_of(fake), job_of(fake), is_dry=True)
    assert snapshot(fake) == before
    assert fake.writes() == []
    made = push(client_of(fake), job_of(fake), is_dry=False)
    plan = [(c.action, c.kind, c.name) for c in told.changes if c.action is Action.CREATE]
    assert plan == [(c.action, c.kind, c.name) for c in made.changes if c.action is Action.CREATE]


def test_drift_on_an_empty_system_says_what_is_not_there(fake: Fake) -> None:
    found = drift(client_of(fake), job_of(fake))
    assert any("ACME-2026-001" in one and one.endswith("is not there.") for one in found)
    assert fake.writes() == []


def test_a_new_revision_changes_what_is_there(fake: Fake) -> None:
    push(client_of(fake), job_of(fake), is_dry=False)
    number = len(fake.objects[POLICIES[fake.target]])
    data = contract_data(ACME)
    data["revision"] = 4
    data["targets"][0]["amount"]["seconds"] = 1800
    job = replace(job_of(fake), terms=read_terms(data))
    done = push(client_of(fake), job, is_dry=False)
    assert done.left == ()
    assert any(change.action is Action.CHANGE for change in done.changes)
    assert len(fake.objects[POLICIES[fake.target]]) == number


FAULTS = [
    Fault("POST", "sla", "status", 500),
    Fault("POST", "sla", "status", 500, is_applied=True),
    Fault("POST", "sla", "status", 502, is_applied=True),
    Fault("POST", "sla", "status", 409),
    Fault("POST", "sla", "status", 409, is_applied=True),
    Fault("POST", "sla", "status", 429, {"Retry-After": "7"}),
    Fault("POST", "sla", "hang"),
    Fault("POST", "sla", "hang", is_applied=True),
    Fault("POST", "sla", "cut"),
    Fault("POST", "sla", "cut", is_applied=True),
    Fault("GET", "", "status", 500, times=3),
    Fault("GET", "", "hang"),
    Fault("GET", "", "cut", times=2),
    Fault("GET", "", "status", 429, {"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}),
]


@pytest.mark.parametrize(
    "fault",
    FAULTS,
    ids=lambda f: f"{f.method} {f.kind} {f.status} {'after' if f.is_applied else 'before'}",
)
def test_whatever_breaks_once_there_is_one_of_each_in_the_end(fake: Fake, fault: Fault) -> None:
    fake.faults = [replace(fault)]
    waits: list[float] = []
    done = push(client_of(fake, waits), job_of(fake), is_dry=False)
    assert done.left == ()
    assert waits
    for path, items in fake.objects.items():
        names = [o.get("name") or o.get("title") for o in items]
        assert len(names) == len(set(names)), path
    assert drift(client_of(fake), job_of(fake)) == ()


def test_the_wait_is_the_one_that_the_system_asks_for(fake: Fake) -> None:
    fake.faults = [
        Fault("GET", "", "status", 429, {"Retry-After": "17"}),
        Fault("GET", "", "status", 429, {"Retry-After": "99999"}, times=1),
    ]
    waits: list[float] = []
    push(client_of(fake, waits), job_of(fake), is_dry=True)
    assert waits == [17.0, 120.0]


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (
            Fault("GET", "", "status", 429, times=99),
            "still answers 429, too many requests to GET .* after 5 attempts",
        ),
        (Fault("GET", "", "status", 503, times=99), "still answers 503 to GET"),
        (Fault("GET", "", "hang", times=99), "still does not answer in time to GET"),
        (Fault("GET", "", "garbage", times=99), "answers GET .* with something that is no JSON"),
        (Fault("GET", "", "status", 403, times=99), "does not let this token do GET"),
        (
            Fault("GET", "", "status", 301, {"Location": "https://other.example.com"}, times=99),
            r"refuses GET .* \(301\): it leads to another address",
        ),
        (Fault("POST", "sla", "status", 422, times=99), "refuses POST .* \\(422\\)"),
        (Fault("POST", "sla", "status", 500, times=99), "does not settle"),
    ],
)
def test_what_stays_broken_is_a_sentence_without_the_token(
    fake: Fake, fault: Fault, sentence: str
) -> None:
    fake.faults = [replace(fault)]
    with pytest.raises(PushError, match=sentence) as caught:
        push(client_of(fake), job_of(fake), is_dry=False)
    assert TOKEN not in str(caught.value)


def test_a_wrong_token_is_named_by_its_variable(fake: Fake) -> None:
    with pytest.raises(
        PushError, match=rf"refuses the token in {fake.target.upper()}_TOKEN \(401\)"
    ):
        push(client_of(fake, token="wrong-token-entirely"), job_of(fake), is_dry=False)
    assert fake.writes() == []


def test_a_run_that_stops_half_way_says_so_and_the_next_goes_on(zendesk: FakeZendesk) -> None:
    zendesk.faults = [Fault("POST", "slas", "status", 422, times=1)]
    with pytest.raises(PushError, match=r"changes were made before that\. Run the command again"):
        push(client_of(zendesk), job_of(zendesk), is_dry=False)
    done = push(client_of(zendesk), job_of(zendesk), is_dry=False)
    assert done.left == ()
    kept = [c.kind for c in done.changes if c.action is Action.KEEP]
    assert kept.count("schedule") == 1


def test_a_write_that_is_half_lost_is_seen_when_it_is_read_back(fake: Fake) -> None:
    fake.faults = [Fault("POST", POLICIES[fake.target], "lossy")]
    done = push(client_of(fake), job_of(fake), is_dry=False)
    assert len(done.left) == 1
    assert "the contract says" in done.left[0]
    again = push(client_of(fake), job_of(fake), is_dry=False)
    assert again.left == ()


def edit(fake: Fake) -> None:
    """Change one number by hand, as somebody in the system's own pages would."""
    match fake.target:
        case "zendesk":
            fake.only(POLICIES["zendesk"], "ACME-2026-001 security")["policy_metrics"][0][
                "target"
            ] = 120
        case "zammad":
            fake.only(POLICIES["zammad"], "1 high")["first_response_time"] = 120
        case _:
            fake.only(POLICIES["freshdesk"], "ACME")["sla_target"]["priority_4"][
                "respond_within"
            ] = 7200


EDITED = {
    "zendesk": "The SLA policy ACME-2026-001 security: policy_metrics › urgent first_reply_time › target is 120; the contract says 60. Last changed there 2026-11-10T00:00:00Z.",
    "zammad": "The SLA ACME-2026-001 1 high: first_response_time is 120; the contract says 60. Last changed there 2026-11-10T00:00:00Z.",
    "freshdesk": "The SLA policy ACME-2026-001: sla_target › priority_4 › respond_within is 7200; the contract says 3600. Last changed there 2026-11-10T00:00:00Z.",
}


def test_drift_says_which_number_somebody_changed(fake: Fake) -> None:
    push(client_of(fake), job_of(fake), is_dry=False)
    edit(fake)
    writes = len(fake.writes())
    assert drift(client_of(fake), job_of(fake)) == (EDITED[fake.target],)
    assert len(fake.writes()) == writes
    assert push(client_of(fake), job_of(fake), is_dry=False).left == ()
    assert drift(client_of(fake), job_of(fake)) == ()


def test_drift_tells_every_kind_of_change_in_zendesk(zendesk: FakeZendesk) -> None:
    push(client_of(zendesk), job_of(zendesk), is_dry=False)
    schedule = zendesk.only("/api/v2/business_hours/schedules")
    schedule["time_zone"] = "London"
    schedule["intervals"] = [i for i in schedule["intervals"] if i["start_time"] != 1980]
    zendesk.holidays.append(
        {"id": 1, "name": "Party", "start_date": "2026-12-31", "end_date": "2026-12-31"}
    )
    zendesk.holidays.remove(next(h for h in zendesk.holidays if h["start_date"] == "2026-12-25"))
    zendesk.only("/api/v2/triggers")["active"] = False
    policies = zendesk.objects["/api/v2/slas/policies"]
    main = next(p for p in policies if p["title"] == ACME)
    main["policy_metrics"].append(
        {"priority": "low", "metric": "agent_work_time", "target": 5, "business_hours": False}
    )
    ahead = next(p for p in policies if p["title"].endswith("security"))
    ahead["position"], main["position"] = main["position"], ahead["position"]
    found = "\n".join(drift(client_of(zendesk), job_of(zendesk)))
    for sentence in (
        "time_zone is “London”; the contract says “Eastern Time (US & Canada)”.",
        'intervals › 1980 is missing; the contract says {"end_time":2520}.',
        "The holiday of ACME-2026-001 support 2026-12-31 was added by hand: Party; the contract is open on that day.",
        "The holiday of ACME-2026-001 support 2026-12-25 is not there.",
        "active is no; the contract says yes.",
        "policy_metrics › low agent_work_time is",
        "position is",
    ):
        assert sentence in found
    assert push(client_of(zendesk), job_of(zendesk), is_dry=False).left == ()


def test_security_stands_above_the_main_policy_and_both_above_the_rest(
    zendesk: FakeZendesk,
) -> None:
    push(client_of(zendesk), job_of(zendesk), is_dry=False)
    order = sorted(zendesk.objects["/api/v2/slas/policies"], key=lambda p: p["position"])
    assert [p["title"] for p in order][:3] == [f"{ACME} security", ACME, "Other 1"]


def test_holidays_of_the_past_and_far_ahead_are_left_alone(zendesk: FakeZendesk) -> None:
    data = contract_data(ACME)
    data["calendars"][1]["closed_dates"] += [
        {"date": "2020-01-01", "name": "Old"},
        {"date": "2031-01-01", "name": "Far"},
    ]
    push(client_of(zendesk), replace(job_of(zendesk), terms=read_terms(data)), is_dry=False)
    assert [h["start_date"] for h in zendesk.holidays] == [
        "2026-11-26",
        "2026-12-25",
        "2027-01-01",
        "2027-03-15",
    ]


def test_what_the_contract_no_longer_has_is_taken_out_of_zammad() -> None:
    with serving(FAKES["zammad"]()) as zammad:
        push(client_of(zammad), job_of(zammad), is_dry=False)
        stray = {
            **zammad.only("/api/v1/slas", "1 high"),
            "id": 999,
            "name": "ACME-2026-001 9 stray",
        }
        zammad.objects["/api/v1/slas"].append(stray)
        zammad.objects["/api/v1/slas"].append(
            {"id": 998, "name": "ACME-2026-0011 of another contract"}
        )
        done = push(client_of(zammad), job_of(zammad), is_dry=False)
        assert [c.name for c in done.changes if c.action is Action.REMOVE] == [
            "ACME-2026-001 9 stray"
        ]
        assert {o["id"] for o in zammad.objects["/api/v1/slas"]} >= {998}


def test_two_of_one_name_are_not_guessed_between(fake: Fake) -> None:
    push(client_of(fake), job_of(fake), is_dry=False)
    path = POLICIES[fake.target]
    twin: dict[str, Any] = {**fake.objects[path][-1], "id": 5555}
    fake.objects[path].append(twin)
    with pytest.raises(PushError, match=r"has 2 of the kind .* Remove all but one there"):
        push(client_of(fake), job_of(fake), is_dry=False)


@pytest.mark.parametrize("rows", [[], [{"id": 1, "name": "Somebody else"}]])
def test_a_customer_who_is_not_there_is_asked_for(fake: Fake, rows: list[dict[str, Any]]) -> None:
    path = next(path for path in fake.objects if "organizations" in path or "companies" in path)
    fake.objects[path] = rows
    with pytest.raises(
        PushError, match=r"has 0 (organisations|companies) named .* or give --customer-id"
    ):
        push(client_of(fake), job_of(fake), is_dry=False)
    with pytest.raises(PushError, match="has nothing at GET"):
        push(client_of(fake), job_of(fake, customer_id="77"), is_dry=False)
    with pytest.raises(DomainError, match="“x1” is no id of a customer in"):
        push(client_of(fake), job_of(fake, customer_id="x1"), is_dry=False)


def test_an_answer_of_another_shape_is_a_sentence(
    fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = fake.special

    def odd(request: Request) -> tuple[int, Any] | None:
        return (200, {"error": "maintenance"}) if "sla" in request.path else usual(request)

    monkeypatch.setattr(fake, "special", odd)
    with pytest.raises(PushError, match="without a list of objects"):
        push(client_of(fake), job_of(fake), is_dry=True)


def test_another_contract_is_pushed_beside_the_first(fake: Fake) -> None:
    push(client_of(fake), job_of(fake), is_dry=False)
    path = next(path for path in fake.objects if "organizations" in path or "companies" in path)
    fake.objects[path].append({"id": 9, "name": "Müller & Söhne ^GmbH"})
    if isinstance(fake, FakeZendesk):
        fake.holidays = []  # the fake keeps one list; a schedule has its own
    assert push(client_of(fake), job_of(fake, BERLIN), is_dry=False).left == ()
    if not isinstance(fake, FakeZendesk):
        assert drift(client_of(fake), job_of(fake)) == ()


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("http://acme.zendesk.com", "would send the token in the clear"),
        ("ftp://acme.zendesk.com", "is no address"),
        ("acme.zendesk.com", "is no address"),
        ("https://me:pw@acme.zendesk.com", "holds a password"),
    ],
)
def test_an_address_that_would_give_the_token_away_is_refused(url: str, sentence: str) -> None:
    with pytest.raises(DomainError, match=sentence):
        access_to("zendesk", url, "", TOKEN, "ZENDESK_TOKEN")


def test_the_token_is_in_no_representation() -> None:
    access = access_to(
        "zendesk", "https://acme.zendesk.com", "me@example.com", TOKEN, "ZENDESK_TOKEN"
    )
    assert isinstance(access, Access)
    assert TOKEN not in repr(access)
    with pytest.raises(DomainError, match="T holds something that is no token"):
        access_to("zendesk", "https://acme.zendesk.com", "", "a\nb", "T")
    with pytest.raises(DomainError, match="Nothing is pushed to “rt”"):
        access_to("rt", "https://rt.example.com", "", TOKEN, "T")
