"""Values with what their export asks of them: a time zone is one."""

import pytest

from dealdesk.clauses.loader import load_library
from dealdesk.clauses.scalars import ScalarError
from dealdesk.clauses.variable_values import read_variable
from dealdesk.kernel.settings import PROJECT
from dealdesk.terms.values import TextValue

ZONE = load_library(PROJECT / "clause_library").clauses["uptime"].variable("zone")


@pytest.mark.parametrize("zone", ["UTC", "Europe/Zurich", "America/Argentina/Ushuaia"])
def test_a_zone_is_read(zone: str) -> None:
    assert read_variable(zone, ZONE) == TextValue(zone)


@pytest.mark.parametrize("zone", ["Mars/Base", "utc+1", "../etc/passwd", "Europe", "\0", "株式"])
def test_what_is_no_zone_is_refused(zone: str) -> None:
    with pytest.raises(ScalarError):
        read_variable(zone, ZONE)
