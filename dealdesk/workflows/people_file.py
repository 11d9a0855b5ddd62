"""People from a file: those of the demo, with their teams and roles."""

from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from dealdesk.identity.actors import Actor
from dealdesk.identity.operations import NewPerson, add_user
from dealdesk.identity.queries import find_user
from dealdesk.kernel.fields import Fields
from dealdesk.kernel.located_yaml import load_yaml_file
from dealdesk.kernel.settings import PROJECT

DEMO_PEOPLE = PROJECT / "demo" / "people.yaml"
SCHEMA = "people/1"
_KEYS = ("name", "email", "team", "roles")


def read_people(path: Path) -> tuple[NewPerson, ...]:
    """Return the people of a file (schema people/1), marked as personas of the demo.

    Raise DomainError naming file and line of everything wrong in it.
    """
    fields = Fields.root(load_yaml_file(path), ("schema", "people"))
    if fields.text("schema") != SCHEMA:
        fields.note("unknown-schema", "schema", f"A file of people says schema: {SCHEMA}.")
    people = tuple(_person(one) for one in fields.items("people", _KEYS))
    fields.raise_problems()
    return people


def _person(one: Fields) -> NewPerson:
    return NewPerson(
        email=one.text("email", longest=254),
        name=one.text("name", longest=120),
        roles=one.texts("roles"),
        team=one.text("team", default="", longest=120),
        is_persona=True,
    )


def seed_people(session: Session, actor: Actor, path: Path, now: datetime) -> int:
    """Add the people of a file who have no account yet and return how many those are.

    Raise DomainError with everything wrong in the file.
    """
    missing = [one for one in read_people(path) if find_user(session, one.email) is None]
    for person in missing:
        add_user(session, actor, person, now)
    return len(missing)
