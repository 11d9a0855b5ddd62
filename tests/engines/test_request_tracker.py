"""Request Tracker, configured by our export, computes the due times that our clock computes."""

import random
import shutil
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from dealdesk.kernel.hashing import canonical_json
from dealdesk.sla.exporters.clocks import clock_of, promise_name
from dealdesk.sla.exporters.export import Faithful
from dealdesk.sla.exporters.registry import export_terms
from dealdesk.sla.exporters.request_tracker import level_name
from dealdesk.sla.model import SlaTerms, load_terms
from dealdesk.sla.projection import project
from dealdesk.terms.calendars import Calendar
from dealdesk.terms.clock import BusinessTime, Elapsed, due, elapsed
from tests.engines.request_tracker import RequestTracker, missing
from tests.enterprise import rich_quote, shipped_library
from tests.unit.sla.exports import ACME, CONTRACTS, contract

CLOCKS = {"first_response": "Response", "update": "KeepInLoop", "resolution": "Resolve"}
# The table of reference: created (UTC) and due by severity, sev1 60 minutes day and night, sev2 four
# business hours, sev3 one business day of nine hours. The last cell is ours; RT shows the opening
# after it, Tuesday 14:00, which is no business time later.
TABLE = [
    ("2026-11-23 14:30", "2026-11-23 15:30", "2026-11-23 18:30", "2026-11-24 14:30"),
    ("2026-11-25 21:30", "2026-11-25 22:30", "2026-11-27 16:30", "2026-11-27 21:30"),
    ("2027-03-12 21:00", "2027-03-12 22:00", "2027-03-16 15:00", "2027-03-16 20:00"),
    ("2026-10-30 20:00", "2026-10-30 21:00", "2026-11-02 16:00", "2026-11-02 21:00"),
    ("2026-11-28 03:00", "2026-11-28 04:00", "2026-11-30 18:00", "2026-11-30 23:00"),
]


@pytest.fixture(scope="module")
def terms() -> SlaTerms:
    return load_terms(canonical_json(project(rich_quote().version, shipped_library())))


@pytest.fixture(scope="module")
def tracker(terms: SlaTerms, tmp_path_factory: pytest.TempPathFactory) -> RequestTracker:
    if reason := missing():
        pytest.skip(reason)
    (exported,) = export_terms(terms, "rt").files
    return RequestTracker(tmp_path_factory.mktemp("rt"), exported.text)


def ours(terms: SlaTerms, severity: str, metric: str, at: datetime) -> tuple[datetime, Calendar]:
    """Return our due time, counted as the fidelity list says that RT is told to count it."""
    target = terms.target(severity, metric)
    assert target is not None
    clock = clock_of(target, terms)
    seconds = 60 * clock.minutes
    if clock.calendar is None:
        return due(at, Elapsed(seconds), Calendar.always()), Calendar.always()
    calendar = replace(clock.calendar, special=())
    return due(at, BusinessTime(seconds), calendar), calendar


def compare(terms: SlaTerms, tracker: RequestTracker, number: int) -> None:
    chance = random.Random(20270701)
    first = int(datetime.combine(terms.effective_from, time(), UTC).timestamp())
    last = int(datetime.combine(terms.effective_until, time(), UTC).timestamp())
    told = {
        e.promise
        for e in export_terms(terms, "rt").fidelity
        if e.kept is not Faithful.NOT_EXPRESSIBLE
    }
    promises = [(t.severity, t.metric) for t in terms.targets if promise_name(t) in told]
    cases = [(*chance.choice(promises), chance.randrange(first, last)) for _ in range(number)]
    answers = tracker.due_times(
        [{"level": level_name(terms, s), "clock": CLOCKS[m], "at": at} for s, m, at in cases]
    )
    assert len(answers) == number
    for (severity, metric, at), answer in zip(cases, answers, strict=True):
        mine, calendar = ours(terms, severity, metric, datetime.fromtimestamp(at, UTC))
        theirs = datetime.fromtimestamp(answer, UTC)
        # RT shows the next opening where we show the closing; Business::Hours ends at :59.
        low, high = sorted((mine, theirs))
        apart = elapsed(low, high, calendar)
        assert apart <= 1, f"{severity} {metric} from {at}: ours {mine}, RT's {theirs}"


def test_due_times_agree_on_random_instants(terms: SlaTerms, tracker: RequestTracker) -> None:
    compare(terms, tracker, 150)


@pytest.mark.judge
def test_due_times_agree_on_two_thousand_instants(terms: SlaTerms, tracker: RequestTracker) -> None:
    compare(terms, tracker, 2000)


@pytest.mark.judge
@pytest.mark.parametrize(
    "at", ["2027-11-24 21:30:00", "2028-03-10 21:00:00", "2028-11-03 20:00:00"]
)
def test_tickets_get_the_due_times_that_the_contract_promises(
    terms: SlaTerms, tracker: RequestTracker, at: str
) -> None:
    if shutil.which("faketime") is None:
        pytest.skip("faketime is not installed")
    levels = {level_name(terms, severity.id): severity.id for severity in terms.severities}
    for level, (created, answer) in tracker.tickets(at, list(levels)).items():
        mine, calendar = ours(
            terms, levels[level], "first_response", datetime.fromtimestamp(created, UTC)
        )
        low, high = sorted((mine, datetime.fromtimestamp(answer, UTC)))
        assert elapsed(low, high, calendar) <= 60, f"{level} at {at}"


def test_the_scratch_installation_stays_in_its_folder(tracker: RequestTracker) -> None:
    assert Path(tracker.folder, "rtdb").is_file()


@pytest.fixture(scope="module", params=CONTRACTS)
def contracted(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[SlaTerms, RequestTracker]:
    if reason := missing():
        pytest.skip(reason)
    terms = contract(request.param)
    (exported,) = export_terms(terms, "rt").files
    return terms, RequestTracker(tmp_path_factory.mktemp("rt"), exported.text)


def test_breaks_half_days_and_late_closings_agree(
    contracted: tuple[SlaTerms, RequestTracker],
) -> None:
    compare(*contracted, 150)


@pytest.mark.judge
def test_two_thousand_instants_agree_for_each_contract(
    contracted: tuple[SlaTerms, RequestTracker],
) -> None:
    compare(*contracted, 2000)


def at_utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize("row", TABLE, ids=[row[0] for row in TABLE])
def test_our_clock_gives_the_table(row: tuple[str, ...]) -> None:
    created, *expected = row
    for severity, answer in zip(("sev1", "sev2", "sev3"), expected, strict=True):
        mine, _ = ours(contract(ACME), severity, "first_response", at_utc(created))
        assert mine == at_utc(answer)


@pytest.mark.judge
@pytest.mark.parametrize("row", TABLE, ids=[row[0] for row in TABLE])
def test_tickets_created_under_a_fixed_clock_give_the_table(
    row: tuple[str, ...], contracted: tuple[SlaTerms, RequestTracker]
) -> None:
    terms, tracker = contracted
    if terms.id != ACME:
        return
    if shutil.which("faketime") is None:
        pytest.skip("faketime is not installed")
    levels = {level_name(terms, severity.id): severity.id for severity in terms.severities}
    answers = tracker.tickets(f"{row[0]}:00", list(levels))
    for (level, severity), expected in zip(levels.items(), row[1:], strict=True):
        created, found = answers[level]
        slack = created - int(at_utc(row[0]).timestamp())
        assert 0 <= slack < 60  # the faked clock runs while RT starts
        low, high = sorted((at_utc(expected), datetime.fromtimestamp(found, UTC)))
        calendar = terms.calendars[terms.target(severity).calendar]
        assert elapsed(low, high, calendar) <= slack + 1, f"{level}: RT says {high}"
