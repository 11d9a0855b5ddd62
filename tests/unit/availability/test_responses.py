"""Response compliance: events from ticket systems held against promised times, and their credits."""

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner

from dealdesk.availability.conversation import Moment, Ticket, promises_of
from dealdesk.availability.history import HistoryError
from dealdesk.availability.history_file import from_epoch, to_epoch
from dealdesk.availability.report import Question, Report, report_on
from dealdesk.availability.response_sources.events import Naming
from dealdesk.availability.response_sources.registry import (
    read_events,
    read_responses,
    responses_json,
)
from dealdesk.availability.responses import ResponseError, ResponseEvent, compliance, raised
from dealdesk.availability.sources.source import SourceFile
from dealdesk.cli.main import main
from dealdesk.kernel.errors import DomainError
from dealdesk.kernel.hashing import canonical_json
from dealdesk.sla.model import SlaTerms
from dealdesk.terms.money import Money
from dealdesk.terms.periods import Span
from tests.unit.availability.terms_made import known, made

TARGETS = [
    {"severity": "sev1", "metric": "first_response", "amount": {"kind": "elapsed", "seconds": 3600}, "calendar": "24x7"},
    {"severity": "sev1", "metric": "resolution", "amount": {"kind": "elapsed", "seconds": 14_400}, "calendar": "24x7"},
    {"severity": "sev2", "metric": "first_response", "amount": {"kind": "business_time", "seconds": 14_400}, "calendar": "support"},
    {"severity": "sev2", "metric": "next_response", "amount": {"kind": "business_time", "seconds": 7_200}, "calendar": "support"},
]  # fmt: skip
JUNE = Span(to_epoch("2026-06-01T00:00:00Z"), to_epoch("2026-07-01T00:00:00Z"))
OBSERVED = to_epoch("2026-07-02T00:00:00Z")


def terms(**response: object) -> SlaTerms:
    credits_ = {"response": {"target_percent": "90"} | response} if response else {}
    return made(credits=credits_, targets=TARGETS)


def event(
    ticket: str, received: str, done: str | None, severity: str = "sev1", **more: object
) -> ResponseEvent:
    start, end = f"2026-06-{received}:00Z", f"2026-06-{done}:00Z"
    return ResponseEvent(ticket, "", severity, to_epoch(start), to_epoch(end) if done else None, **more)  # fmt: skip


EVENTS = (
    event("1", "03T10:00", "03T10:59"),
    event("2", "03T10:00", "03T11:01"),
    # Friday 17:00 in New York: an hour is left, three run on Monday.
    event("3", "05T21:00", "08T16:00", "sev2"),
    event("4", "29T10:00", None),
)


def test_promises_that_fell_due_are_judged() -> None:
    kept = compliance(terms(), EVENTS, JUNE, OBSERVED)
    assert [(one.event.ticket, one.kept) for one in kept.judged] == [
        ("1", True), ("2", False), ("3", True), ("4", False),
    ]  # fmt: skip
    assert kept.percent == 50
    assert from_epoch(kept.judged[2].due) == "2026-06-08T16:00:00Z"


def test_what_is_open_and_not_due_has_no_verdict_yet() -> None:
    early = to_epoch("2026-06-29T10:30:00Z")
    kept = compliance(terms(), EVENTS[3:], JUNE, early)
    assert [one.kept for one in kept.judged] == [None]
    assert kept.percent == 100
    assert kept.is_met


def test_security_reports_are_raised_and_unknown_severities_refused() -> None:
    own = terms()
    assert raised(own, "sev3", "security_vulnerability") == "sev1"
    assert raised(own, "sev3") == "sev3"
    slow = event("5", "03T10:00", "03T12:00", "sev2", category="security_vulnerability")
    judged = compliance(own, [slow], JUNE, OBSERVED).judged[0]
    assert (judged.severity, judged.kept) == ("sev1", False)
    with pytest.raises(ResponseError, match="know no severity “urgent”"):
        compliance(own, [event("6", "03T10:00", None, "urgent")], JUNE, OBSERVED)


def test_pauses_move_the_resolution_but_no_reply() -> None:
    pause = ((to_epoch("2026-06-03T11:00:00Z"), to_epoch("2026-06-03T13:00:00Z")),)
    solved = event("7", "03T10:00", "03T15:59", metric="resolution", pauses=pause)
    answered = event("7", "03T10:00", "03T11:30", pauses=pause)
    kept = compliance(terms(), [solved, answered], JUNE, OBSERVED)
    assert [one.kept for one in kept.judged] == [True, False]


def asked(own: SlaTerms) -> Report:
    history = known()
    fee = Money(Decimal("1000.00"), "USD")
    return report_on((own,), history, Question("2026-06", OBSERVED, fee, EVENTS))


@pytest.mark.parametrize(
    ("response", "credit"),
    [
        ({"tiers": [{"below_percent": "90", "credit_percent": "5"}, {"below_percent": "50", "credit_percent": "10"}]}, "50.00"),
        ({"per_miss_percent": "2"}, "40.00"),
        ({"per_miss_percent": "40"}, "500.00"),
        ({"target_percent": "50", "per_miss_percent": "2"}, "0.00"),
    ],
)  # fmt: skip
def test_late_responses_bring_credits_within_the_cap(
    response: dict[str, object], credit: str
) -> None:
    answer = asked(terms(**response))
    assert answer.credit == Money(Decimal(credit), "USD")
    assert (answer.claim_until is None) is (credit == "0.00")


def test_a_conversation_calls_for_promises() -> None:
    moments = (
        (0, Moment.RECEIVED),
        (600, Moment.RESPONSE),
        (700, Moment.WAITING),
        (1000, Moment.CUSTOMER_MESSAGE),
        (1100, Moment.CUSTOMER_MESSAGE),
        (1500, Moment.RESPONSE),
        (2000, Moment.WORKAROUND),
        (3000, Moment.RESOLVED),
    )
    found = [
        (one.metric, one.received, one.done, one.pauses)
        for one in promises_of(Ticket("t", "c", "sev1", moments))
    ]
    pause = ((700, 1000),)
    assert found == [
        ("first_response", 0, 600, ()),
        ("next_response", 1000, 1500, ()),
        ("update", 600, 1500, pause),
        ("update", 1500, 3000, pause),
        ("workaround", 0, 2000, pause),
        ("resolution", 0, 3000, pause),
    ]


def read(folder: Path, source: str, data: object, naming: Naming = Naming()) -> tuple:  # noqa: B008 - frozen
    path = folder / "events"
    path.write_text(data if isinstance(data, str) else json.dumps(data))
    return read_events(source, [SourceFile(path)], naming)


def test_csv_rt_and_zendesk_say_the_same(tmp_path: Path) -> None:
    text = "ticket,customer,severity,received,responded\n7,Acme,high,2026-06-03T10:00:00Z,2026-06-03T10:30:59Z\n"
    from_csv = read(tmp_path, "csv", text, Naming({"high": "sev2"}))
    rt = {"items": [{"id": 7, "SLA": "Acme/sev2", "Created": "2026-06-03T10:00:00Z", "Started": "2026-06-03T10:30:59Z"}]}  # fmt: skip
    zendesk = {
        "tickets": [{"id": 7, "organization_id": 1, "priority": "high", "created_at": "2026-06-03T10:00:00Z", "tags": []}],
        "organizations": [{"id": 1, "name": "Acme"}],
        "ticket_metrics": [{"ticket_id": 7, "reply_time_in_minutes": {"calendar": 30}}],
    }  # fmt: skip
    assert read(tmp_path, "rt", rt) == from_csv
    replies = read(tmp_path, "zendesk", zendesk, Naming({"high": "sev2"}))
    assert replies[:1] == from_csv
    assert replies[1].done is None


def test_rt_tickets_without_a_level_or_an_answer(tmp_path: Path) -> None:
    rt = {
        "items": [
            {"id": 1, "Created": "2026-06-03T10:00:00Z"},
            {"id": 2, "SLA": "A/sev1", "Created": "2026-06-03T10:00:00Z", "Started": "1970-01-01T00:00:00Z"},
        ]
    }  # fmt: skip
    events = read(tmp_path, "rt", rt)
    assert [(one.ticket, one.done) for one in events] == [("2", None)]


def test_moments_in_csv(tmp_path: Path) -> None:
    text = "ticket,customer,severity,at,moment\n1,A,sev1,2026-06-03T10:05:00Z,response\n1,A,sev1,2026-06-03T10:00:00Z,received\n"
    metrics = [one.metric for one in read(tmp_path, "csv-moments", text)]
    assert metrics == ["first_response", "update", "workaround", "resolution"]


@pytest.mark.parametrize(
    ("source", "data", "says"),
    [
        ("csv", "ticket\n", "names no column customer or severity"),
        ("csv", "ticket,customer,severity,received,responded\n1,A,s,2026-06-03T10:00:00Z,2026-06-03T09:00:00Z\n", "answered before it was received"),
        ("csv", "ticket,customer,severity,received,responded,metric\n1,A,s,2026-06-03T10:00:00Z,,joy\n", "“joy” is no promise"),
        ("csv", "ticket,customer,severity,received,responded\n" + "1,A,s,2026-06-03T10:00:00Z,\n" * 2, "stands twice"),
        ("csv-moments", "ticket,customer,severity,at,moment\n1,A,s,2026-06-03T10:00:00Z,lunch\n", "“lunch” is no moment"),
        ("csv-moments", "ticket,customer,severity,at,moment\n1,A,s,2026-06-03T10:00:00Z,response\n", "was never received"),
        ("rt", {"items": 3}, "items is no list"),
        ("rt", [{"SLA": "A/sev1", "Created": "yesterday"}], "Created is “yesterday”"),
        ("zendesk", {}, "neither tickets nor ticket_metrics"),
        ("zendesk", {"ticket_metrics": [{"ticket_id": 3}]}, "metrics of ticket 3, but not the ticket"),
    ],
)  # fmt: skip
def test_events_that_are_none_are_refused(
    source: str, data: object, says: str, tmp_path: Path
) -> None:
    with pytest.raises(HistoryError) as error:
        read(tmp_path, source, data)
    assert says in str(error.value)


def test_a_file_of_responses_is_written_and_read_back() -> None:
    pause = ((to_epoch("2026-06-03T11:00:00Z"), to_epoch("2026-06-03T13:00:00Z")),)
    events = (*EVENTS, event("7", "03T10:00", "03T15:00", metric="resolution", pauses=pause))
    assert read_responses(canonical_json(responses_json(events))) == events
    data = json.loads(canonical_json(responses_json(events[:1])))
    data["events"][0]["done_at"] = "2026-06-01T00:00:00Z"
    with pytest.raises(ResponseError, match="answered before it was received"):
        read_responses(json.dumps(data))
    with pytest.raises(HistoryError, match="'responses/1' was expected"):
        read_responses('{"schema": "responses/9", "events": []}')


def test_the_command_writes_events(tmp_path: Path) -> None:
    source, out = tmp_path / "t.csv", tmp_path / "responses.json"
    source.write_text(
        "ticket,customer,severity,received,responded\n7,A,high,2026-06-03T10:00:00Z,\n"
    )
    command = ["availability", "responses", "--from", "csv", str(source), "--into", str(out)]
    done = CliRunner().invoke(main, [*command, "--map", "high=sev2"])
    assert done.exit_code == 0, done.stderr
    assert read_responses(out.read_text())[0].severity == "sev2"
    bad = CliRunner().invoke(main, [*command, "--map", "high"])
    assert (bad.exit_code, "“high” maps nothing" in bad.stderr) == (2, True)
    with pytest.raises(DomainError, match="no import of support events from “fax”"):
        read_events("fax", [], Naming())


def test_every_share_is_exact() -> None:
    third = (EVENTS[0], EVENTS[1], EVENTS[3])
    assert compliance(terms(), third, JUNE, OBSERVED).percent == Fraction(100, 3)
