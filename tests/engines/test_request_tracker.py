"""Request Tracker, configured by our export, computes the due times that our clock computes."""

import random
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dealdesk.kernel.hashing import canonical_json
from dealdesk.sla.exporters.registry import export_terms
from dealdesk.sla.exporters.request_tracker import level_name
from dealdesk.sla.model import SlaTerms, load_terms
from dealdesk.sla.projection import project
from dealdesk.terms.calendars import Calendar
from dealdesk.terms.clock import BusinessDays, BusinessTime, due, elapsed
from dealdesk.terms.opening import open_length, opening_of
from tests.engines.request_tracker import RequestTracker, missing
from tests.enterprise import rich_quote, shipped_library

CLOCKS = {"first_response": "Response", "update": "KeepInLoop"}


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
    """Return our due time; business days count as RT is told to count them."""
    target = terms.target(severity, metric)
    assert target is not None
    calendar = terms.calendars[target.calendar]
    amount = target.amount
    if isinstance(amount, BusinessDays):
        amount = BusinessTime(amount.days * open_length(opening_of(calendar)))
    return due(at, amount, calendar), calendar


def compare(terms: SlaTerms, tracker: RequestTracker, number: int) -> None:
    chance = random.Random(20270701)
    first = int(datetime(2027, 7, 1, tzinfo=UTC).timestamp())
    last = int(datetime(2029, 12, 1, tzinfo=UTC).timestamp())
    promises = [(t.severity, t.metric) for t in terms.targets if t.metric in CLOCKS]
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
