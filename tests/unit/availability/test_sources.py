"""History from status pages and monitors, merged poll by poll into a record that only grows."""

import contextlib
import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from dealdesk.availability.cover import PeriodNotCoveredError
from dealdesk.availability.history import History, HistoryError
from dealdesk.availability.history_file import from_epoch, read_history, to_epoch
from dealdesk.availability.history_json import history_json
from dealdesk.availability.record import Merged, merge
from dealdesk.availability.report import report
from dealdesk.availability.sources import csv_file
from dealdesk.availability.sources.registry import SOURCES, read_source
from dealdesk.availability.sources.source import Reading, Sighting, SourceFile, Taken
from dealdesk.cli.main import main
from dealdesk.kernel.errors import DomainError
from dealdesk.kernel.hashing import canonical_json
from tests.unit.availability.terms_made import made


def at(text: str) -> int:
    return to_epoch(f"2026-06-{text}:00Z")


def update(time: str, *changes: tuple[str, str, str], status: str = "investigating") -> dict:
    parts = [
        {"code": name, "name": name, "old_status": old, "new_status": new}
        for name, old, new in changes
    ]
    stamp = f"2026-06-{time}:00.250Z"
    return {"status": status, "created_at": stamp, "display_at": stamp, "affected_components": parts or None}  # fmt: skip


def incident(id_: str, created: str, resolved: str | None, *updates: dict, **more: Any) -> dict:
    return {
        "id": id_,
        "name": id_,
        "impact": "major",
        "created_at": f"2026-06-{created}:00.000-00:00",
        "resolved_at": f"2026-06-{resolved}:00.000Z" if resolved else None,
        "components": [],
        "incident_updates": list(reversed(updates)),
    } | more


def page(updated: str, incidents: list[dict], works: list[dict] = []) -> dict:  # noqa: B006 - read only
    return {
        "page": {"id": "p", "updated_at": f"2026-06-{updated}:00.000Z"},
        "incidents": incidents,
        "scheduled_maintenances": works,
    }


def read(folder: Path, source: str, *data: object, **taken: int) -> Reading:
    files = []
    for number, one in enumerate(data):
        path = folder / f"{source}-{number}.json"
        path.write_text(one if isinstance(one, str) else json.dumps(one))
        files.append(SourceFile(path))
    return read_source(source, files, Taken(**taken))


def spans(reading: Reading) -> list[tuple[str, str, str, str | None]]:
    return [
        (
            one.component,
            one.status,
            from_epoch(one.start)[8:16],
            from_epoch(one.end)[8:16] if one.end is not None else None,
        )
        for one in reading.impacts
    ]


OUTAGE = incident(
    "i1",
    "03T09:55",
    "03T11:30",
    update("03T10:00", ("api", "operational", "partial_outage"), ("app", "operational", "major_outage")),
    update("03T10:40", ("api", "partial_outage", "partial_outage"), ("app", "major_outage", "degraded_performance")),
    update("03T11:00", ("api", "partial_outage", "operational"), ("app", "degraded_performance", "operational"), status="resolved"),
)  # fmt: skip


def test_statuspage_downtime_is_what_updates_say_of_components(tmp_path: Path) -> None:
    reading = read(tmp_path, "statuspage", page("10T00:00", [OUTAGE]))
    assert spans(reading) == [
        ("api", "partial_outage", "03T10:00", "03T11:00"),
        ("app", "major_outage", "03T10:00", "03T10:40"),
        ("app", "degraded_performance", "03T10:40", "03T11:00"),
    ]
    assert reading.at == at("10T00:00")
    assert reading.covered == (at("03T09:55"), at("10T00:00"))


def test_an_incident_whose_updates_name_no_component_counts_by_its_impact(tmp_path: Path) -> None:
    whole = incident("i2", "04T10:00", "04T10:30", update("04T10:00"), components=[{"name": "app"}])
    none = incident("i3", "05T10:00", "05T10:30", impact="none")
    reading = read(tmp_path, "statuspage", page("10T00:00", [whole, none]))
    assert spans(reading) == [("app", "partial_outage", "04T10:00", "04T10:30")]


def test_statuspage_maintenance_keeps_what_was_announced_and_what_was_done(
    tmp_path: Path,
) -> None:
    works = incident(
        "m1", "01T00:00", None,
        update("07T01:10", status="in_progress"), update("07T04:30", status="completed"),
        scheduled_for="2026-06-07T01:00:00Z", scheduled_until="2026-06-07T04:00:00Z",
        components=[{"name": "app"}],
    )  # fmt: skip
    reading = read(tmp_path, "statuspage", page("10T00:00", [OUTAGE], [works]))
    work = reading.works[0]
    assert (work.start, work.end) == (at("07T01:10"), at("07T04:30"))
    assert work.planned == (at("07T01:00"), at("07T04:00"))
    assert work.announced == at("01T00:00")


def polled(folder: Path, *pages: dict) -> Merged:
    merged: Merged | None = None
    for one in pages:
        merged = merge(merged.history if merged else None, read(folder, "statuspage", one))
    assert merged is not None
    return merged


def test_polls_add_correct_and_withdraw_but_never_change(tmp_path: Path) -> None:
    going = incident("i1", "03T10:00", None, update("03T10:00", ("app", "operational", "major_outage")))  # fmt: skip
    over = going | {"resolved_at": "2026-06-03T10:30:00Z"}
    harmless = going | {"incident_updates": [], "impact": "none"}
    first = polled(tmp_path, page("03T10:05", [going]))
    second = polled(tmp_path, page("03T10:05", [going]), page("03T12:00", [over]))
    third = polled(
        tmp_path, page("03T10:05", [going]), page("03T12:00", [over]), page("04T00:00", [harmless])
    )
    assert (first.added, second.corrected, third.withdrawn) == (1, 1, 1)
    history = third.history
    assert len(history.impacts) == 3
    assert history.impacts[:2] == second.history.impacts
    assert [i.end for i in history.as_of(at("03T11:00"))] == [None]
    assert [i.end for i in history.as_of(at("03T13:00"))] == [at("03T10:30")]
    assert [i.end - i.start for i in history.as_of(at("05T00:00")) if i.end] == [0]
    again = merge(history, read(tmp_path, "statuspage", page("04T06:00", [harmless])))
    assert (again.added, again.corrected, again.withdrawn) == (0, 0, 0)
    text = canonical_json(history_json(again.history))
    assert read_history(text) == again.history


def quick(number: int, day: int) -> dict:
    return incident(f"q{number}", f"{day:02d}T{number % 24:02d}:00", f"{day:02d}T{number % 24:02d}:10", impact="none")  # fmt: skip


def test_a_full_list_that_does_not_reach_the_last_poll_leaves_a_gap(tmp_path: Path) -> None:
    old = page("05T00:00", [OUTAGE])
    full = page("20T00:00", [quick(n, 10 + n // 10) for n in range(50)])
    merged = polled(tmp_path, old, full)
    assert merged.gap == ((at("05T00:00"), at("10T00:00")),)
    terms = made(effective=("2026-06-04", "2026-06-19"))
    with pytest.raises(PeriodNotCoveredError, match="does not cover 2026-06-05 00:00:00 UTC to"):
        report(terms, merged.history, "2026-06", merged.history.covered_until)
    overlapping = polled(tmp_path, page("11T00:00", [OUTAGE]), full)
    assert overlapping.gap == ()
    assert overlapping.history.covered_from == at("03T09:55")


def test_incidents_that_left_the_list_stay_in_the_record(tmp_path: Path) -> None:
    merged = polled(tmp_path, page("11T00:00", [OUTAGE]), page("12T00:00", [quick(1, 11)]))
    assert len(merged.history.as_of(merged.history.covered_until)) == 3


def test_an_older_poll_after_a_newer_one_is_refused(tmp_path: Path) -> None:
    newer = polled(tmp_path, page("11T00:00", [OUTAGE])).history
    with pytest.raises(HistoryError, match="taken before the newest entry"):
        merge(newer, read(tmp_path, "statuspage", page("10T00:00", [OUTAGE])))


def test_incident_io(tmp_path: Path) -> None:
    data = {
        "components": [{"id": "c1", "name": "app"}],
        "incidents": [
            {
                "id": "x",
                "component_impacts": [
                    {"component_id": "c1", "component_status": "full_outage", "start_at": "2026-06-03T10:00:00Z", "end_at": "2026-06-03T10:30:00Z"},
                    {"component_id": "c2", "component_status": "degraded_performance", "start_at": "2026-06-04T10:00:00Z", "end_at": None},
                ],
            }
        ],
    }  # fmt: skip
    reading = read(tmp_path, "incident.io", data, at=at("10T00:00"))
    assert spans(reading) == [
        ("app", "major_outage", "03T10:00", "03T10:30"),
        ("c2", "degraded_performance", "04T10:00", None),
    ]
    with pytest.raises(HistoryError, match="does not say when it was taken"):
        read(tmp_path, "incident.io", data)


def test_upptime_keeps_minutes_of_days(tmp_path: Path) -> None:
    data = [{"slug": "app", "dailyMinutesDown": {"2026-06-03": 214, "2026-06-04": 0}}]
    reading = read(tmp_path, "upptime", data, at=at("10T00:00"))
    assert spans(reading) == [("app", "major_outage", "03T00:00", "03T03:34")]
    assert reading.covered == (at("03T00:00"), at("10T00:00"))
    data[0]["dailyMinutesDown"]["2026-06-05"] = 1500
    with pytest.raises(HistoryError, match="“1500” minutes down, which no day has"):
        read(tmp_path, "upptime", data, at=at("10T00:00"))


def minutes(*states: int, first: str = "03T10:00", skip: int = 0) -> list[tuple[int, int]]:
    begin = at(first)
    return [(begin + 60 * (n + (skip if n > len(states) // 2 else 0)), s) for n, s in enumerate(states)]  # fmt: skip


def test_gatus_results_are_samples(tmp_path: Path) -> None:
    results = [{"timestamp": from_epoch(t), "success": bool(s)} for t, s in minutes(1, 0, 0, 1, 1)]
    reading = read(tmp_path, "gatus", [{"name": "app", "group": "core", "results": results}])
    assert spans(reading) == [("core/app", "major_outage", "03T10:01", "03T10:03")]
    assert (reading.resolution, reading.gaps) == (60, ())


def test_uptime_kuma_heartbeats(tmp_path: Path) -> None:
    beats = [
        {"status": s, "time": from_epoch(t).replace("T", " ").replace("Z", ".000"), "msg": ""}
        for t, s in minutes(1, 0, 2, 3, 3, 1)
    ]
    names = {"publicGroupList": [{"monitorList": [{"id": 7, "name": "app"}]}]}
    reading = read(tmp_path, "uptime-kuma", names, {"heartbeatList": {"7": beats}})
    assert spans(reading) == [
        ("app", "major_outage", "03T10:01", "03T10:02"),
        ("app", "degraded_performance", "03T10:02", "03T10:03"),
    ]
    assert [(w.start, w.end) for w in reading.works] == [(at("03T10:03"), at("03T10:05"))]


def matrix(values: list[tuple[int, object]]) -> dict:
    pairs = [[t, str(v)] for t, v in values]
    series = [{"metric": {"job": "app"}, "values": pairs}]
    return {"status": "success", "data": {"resultType": "matrix", "result": series}}


def test_prometheus_ranges_and_their_gaps(tmp_path: Path) -> None:
    values = minutes(1, 1, 0, 1, 1, 1, skip=10)
    reading = read(tmp_path, "prometheus", matrix(values))
    assert spans(reading) == [("app", "major_outage", "03T10:02", "03T10:03")]
    assert reading.gaps == ((at("03T10:04"), at("03T10:14")),)
    half = [(t, 0.5 if n == 1 else v) for n, (t, v) in enumerate(minutes(1, 1, 1))]
    assert spans(read(tmp_path, "prometheus", matrix(half)))[0][1] == "partial_outage"


CSV = """component,status,start,end,announced,cause
app,major_outage,2026-06-03T10:00:00Z,2026-06-03T10:30:00+00:00,,customer_caused
api,partial_outage,2026-06-04T10:00:00Z,,,
app,maintenance,2026-06-07T01:00:00Z,2026-06-07T02:00:00Z,2026-06-01T00:00:00Z,
"""
TAKEN = {"at": at("10T00:00"), "since": at("01T00:00")}


def test_csv_lines(tmp_path: Path) -> None:
    reading = read(tmp_path, "csv", CSV, **TAKEN)
    assert spans(reading) == [
        ("app", "major_outage", "03T10:00", "03T10:30"),
        ("api", "partial_outage", "04T10:00", None),
    ]
    assert reading.impacts[0].cause == "customer_caused"
    assert reading.works[0].announced == at("01T00:00")


COUNTS = "start,end,total,failed\n2026-06-03T10:00:00Z,2026-06-03T11:00:00Z,1000,3\n2026-06-03T12:00:00Z,2026-06-03T13:00:00Z,900,0\n"


def test_request_counts(tmp_path: Path) -> None:
    reading = read(tmp_path, "csv-requests", COUNTS)
    assert [(one.total, one.failed) for one in reading.requests] == [(1000, 3), (900, 0)]
    assert reading.gaps == ((at("03T11:00"), at("03T12:00")),)
    twice = merge(merge(None, reading).history, reading).history
    assert twice.requests == reading.requests
    with pytest.raises(HistoryError, match="but the record has 3 of 1000 for the same time"):
        merge(twice, read(tmp_path, "csv-requests", COUNTS.replace("1000,3", "1000,4")))
    for bad, says in (("900,901", "“901” of “900” is no count"), ("900,-1", "“-1” of “900”")):
        with pytest.raises(HistoryError, match=says):
            read(tmp_path, "csv-requests", COUNTS.replace("900,0", bad))
    with pytest.raises(HistoryError, match="Two counts overlap"):
        read(tmp_path, "csv-requests", COUNTS.replace("12:00:00Z,", "10:30:00Z,"))


BAD_CSV = [
    ("component,status,start\n", "names no column end"),
    ("component,status,start,end\napp,on fire,2026-06-03T10:00:00Z,\n", ":2: “on fire” is no status"),
    ("component,status,start,end\napp,major_outage,2026-06-03 10:00,\n", ":2: start is “2026-06-03 10:00”, which is not an instant with a time zone"),
    ("component,status,start,end\napp,major_outage,2026-06-03T10:00:00Z,2026-06-03T09:00:00Z\n", "It ends before it starts"),
    ("component,status,start,end\napp,major_outage,2027-06-03T10:00:00Z,\n", "It begins after the file was taken"),
    ("component,status,start,end\n" + "app,major_outage,2026-06-03T10:00:00Z,\n" * 2, ":3: The row stands twice; first in line 2"),
    ("component,status,start,end\napp,maintenance,2026-06-03T10:00:00Z,\n", "Maintenance needs an end"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "says"), BAD_CSV)
def test_a_csv_line_that_is_none_is_refused_with_a_sentence(
    text: str, says: str, tmp_path: Path
) -> None:
    with pytest.raises(HistoryError) as error:
        read(tmp_path, "csv", text, **TAKEN)
    assert says in str(error.value)


@pytest.mark.parametrize(
    ("source", "data", "says"),
    [
        ("statuspage", "not json", "The file is not JSON"),
        ("statuspage", [], "The file is no object"),
        ("statuspage", {"rows": []}, "holds none of incidents"),
        ("statuspage", page("10T00:00", [incident("i", "03T10:00", None, update("03T10:00", ("app", "operational", "melting")))]), "“melting” is no state of a component"),
        ("statuspage", {"page": {"updated_at": "2026-06-10T00:00:00"}, "incidents": []}, "not an instant with a time zone"),
        ("incident.io", {"incidents": {}}, "incidents is no list"),
        ("gatus", {}, "The file is no list"),
        ("gatus", [{"name": "a", "results": []}], "holds no samples"),
        ("uptime-kuma", {}, "holds no heartbeatList"),
        ("uptime-kuma", {"heartbeatList": {"1": [{"status": 9}]}}, "“9” is no status that Kuma has"),
        ("prometheus", {"status": "error"}, "The query did not succeed"),
        ("prometheus", {"status": "success", "data": {"resultType": "vector"}}, "The result is a vector, not a matrix"),
        ("prometheus", matrix([]) | {"data": {"resultType": "matrix", "result": [{"values": [["x", "y"]]}]}}, "is no sample"),
        ("upptime", [{"dailyMinutesDown": {"June": 3}}], "“June” is not a day"),
        ("csv", "component,status,start,end\n", "does not say which time it covers"),
    ],
)  # fmt: skip
def test_files_that_are_not_what_they_say_are_refused(
    source: str, data: object, says: str, tmp_path: Path
) -> None:
    with pytest.raises(DomainError) as error:
        read(tmp_path, source, data)
    assert says in str(error.value)


def test_every_source_refuses_a_gigabyte_of_anything(tmp_path: Path) -> None:
    huge = tmp_path / "huge.json"
    with huge.open("wb") as file:
        file.truncate(1024**3)
    for name in SOURCES:
        says = "longer than 65,536" if name.startswith("csv") else "larger than 67,108,864 bytes"
        with pytest.raises(DomainError, match=says):
            read_source(name, [SourceFile(huge)], Taken(at=0, since=0))


def test_a_csv_of_too_many_rows_stops_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_file, "MOST", 2)
    rows = [f"app,major_outage,2026-06-0{n}T10:00:00Z,\n" for n in range(1, 4)]
    with pytest.raises(HistoryError, match="There are more than 2 rows"):
        read(tmp_path, "csv", "component,status,start,end\n" + "".join(rows), **TAKEN)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["availability", *map(str, arguments)])


def test_the_command_writes_the_record_whole_or_not_at_all(tmp_path: Path) -> None:
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    first.write_text(json.dumps(page("05T00:00", [OUTAGE])))
    second.write_text(json.dumps(page("20T00:00", [quick(n, 10 + n // 10) for n in range(50)])))
    record = tmp_path / "record.json"
    done = run("import", "--from", "statuspage", first, "--into", record)
    assert done.exit_code == 0, done.stderr
    assert done.stdout.startswith("3 added, 0 corrected, 0 withdrawn.")
    done = run("import", "--from", "statuspage", second, "--into", record, "--json")
    answer = json.loads(done.stdout)
    assert answer["schema_version"] == "availability-import/1"
    assert answer["gaps"] == [{"start": "2026-06-05T00:00:00Z", "end": "2026-06-10T00:00:00Z"}]
    before = record.read_bytes()
    second.write_text("[]")
    bad = run("import", "--from", "statuspage", second, "--into", record)
    assert (bad.exit_code, record.read_bytes()) == (2, before)
    assert "The file is no object" in bad.stderr
    unknown = run("import", "--from", "carrier-pigeon", first, "--into", record)
    assert unknown.exit_code == 2
    assert "There is no import from “carrier-pigeon”" in unknown.stderr


def test_a_record_of_samples_grows_without_gaps_where_polls_meet(tmp_path: Path) -> None:
    one = read(tmp_path, "prometheus", matrix(minutes(1, 0, 1)))
    two = read(tmp_path, "prometheus", matrix(minutes(1, 1, 0, first="03T10:03")))
    record: History = merge(merge(None, one).history, two).history
    assert record.gaps == ()
    assert (record.covered_from, record.covered_until) == (at("03T10:00"), at("03T10:06"))
    assert len(record.as_of(record.covered_until)) == 2


KEYS = (
    "incidents", "id", "created_at", "resolved_at", "incident_updates", "affected_components",
    "name", "new_status", "impact", "page", "updated_at", "component_impacts", "start_at",
    "component_status", "heartbeatList", "status", "time", "data", "result", "values", "metric",
    "resultType", "results", "timestamp", "dailyMinutesDown", "slug", "components",
)  # fmt: skip
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(JSON_VALUES, st.sampled_from([name for name in SOURCES if not name.startswith("csv")]))
def test_whatever_a_file_holds_it_is_read_or_refused_with_a_sentence(
    data: object, source: str
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        try:
            reading = read(Path(folder), source, json.dumps(data), at=at("10T00:00"))
        except DomainError as error:
            said = str(error)
        else:
            said = from_epoch(reading.covered[1])
    assert said


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=60), st.sampled_from(["csv", "csv-requests"]))
def test_whatever_lines_a_csv_has(text: str, source: str) -> None:
    head = {"csv": "component,status,start,end\n", "csv-requests": "start,end,total,failed\n"}
    with tempfile.TemporaryDirectory() as folder, contextlib.suppress(DomainError):
        path = Path(folder) / "file.csv"
        path.write_bytes((head[source] + text).encode("utf-8", "replace"))
        read_source(source, [SourceFile(path)], Taken(**TAKEN))


STATES = st.sampled_from(["operational", "major_outage", "partial_outage"])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.dictionaries(st.sampled_from(["i1", "i2", "i3"]), STATES), min_size=1, max_size=6)
)
def test_the_record_as_of_each_poll_is_what_that_poll_showed(
    polls: list[dict[str, str]],
) -> None:
    """Incidents come, change and are withdrawn; every past view of the record stays."""
    record: History | None = None
    seen: list[tuple[int, set[tuple[str, str, int, int | None]]]] = []
    for number, states in enumerate(polls):
        taken = at("10T00:00") + number * 3600
        reading = Reading(
            "statuspage",
            taken,
            (at("01T00:00"), taken),
            tuple(
                Sighting(name, name, "app", state, at("03T10:00"), at("03T10:00") + 60 * (number + 1))
                for name, state in states.items()
                if state != "operational"
            ),
            incidents=frozenset({"i1", "i2", "i3"}),
        )  # fmt: skip
        record = merge(record, reading).history
        seen.append((taken, {(i.component, i.status, i.start, i.end) for i in reading.impacts}))
    assert record is not None
    for taken, shown in seen:
        stands = {
            (i.component, i.status, i.start, i.end)
            for i in record.as_of(taken)
            if i.end is None or i.end > i.start
        }
        assert stands == shown
