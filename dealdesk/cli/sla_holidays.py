"""`dealdesk sla holidays`: which days a calendar may be closed on."""

import click
import yaml

from dealdesk.cli.edge import as_json, emit
from dealdesk.cli.sla_inputs import read_years
from dealdesk.kernel.hashing import Json
from dealdesk.sla.holiday_proposals import proposal_source, proposed_holidays


@click.command("holidays")
@click.option("--country", required=True, help="ISO 3166 code, such as US or DE.")
@click.option("--subdivision", help="A part of it, such as CA or BY.")
@click.option("--years", required=True, help="2027 or 2027-2030.")
@as_json
def holidays_command(*, country: str, subdivision: str | None, years: str, as_json: bool) -> None:
    """Propose closed dates to write into a calendar, where they are frozen."""
    days = proposed_holidays(country, read_years(years), subdivision)
    source = proposal_source(country, subdivision)
    closed: list[Json] = [{"date": day.on.isoformat(), "name": day.name} for day in days]
    answer: dict[str, Json] = {
        "schema_version": "sla-holidays/1",
        "closed_dates": closed,
        "closed_source": source,
    }
    listed = {"closed": [{"date": day.on, "name": day.name} for day in days], "source": source}
    table = yaml.safe_dump(listed, sort_keys=False, allow_unicode=True).rstrip()
    emit(answer, table, json_wanted=as_json)
