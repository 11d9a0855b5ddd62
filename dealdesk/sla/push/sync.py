"""Making what a system has equal to what the contract says, or only saying what would change.

Objects are found by their names, which begin with the agreement's id, so that a second push finds
what the first one made, also one that broke off half-way.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from dealdesk.kernel.hashing import Json
from dealdesk.sla.push.client import ATTEMPTS, Client, PushError, TakenError, UnsureError
from dealdesk.sla.push.compare import Difference, Shape, differences

_PAGES = 200


class Action(StrEnum):
    """What happens to an object."""

    CREATE = "create"
    CHANGE = "change"
    REMOVE = "remove"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to an object, or would; details are sentences.

    `touched` says when the object was last changed there, where the system tells.
    """

    action: Action
    kind: str
    name: str
    details: tuple[str, ...] = ()
    touched: str = ""

    def to_json(self) -> Json:
        """Return the entry as the command line prints it."""
        return {
            "action": self.action.value,
            "kind": self.kind,
            "name": self.name,
            "details": list(self.details),
        }


@dataclass(frozen=True, slots=True)
class Collection:
    """A kind of object: its path, the names of one and of many in JSON ("" for none), its shape.

    `page_size` is set where the system hands out pages by number, else they are linked by
    `next_page`.
    """

    kind: str
    path: str
    one: str
    many: str
    name_field: str
    shape: Shape = field(default_factory=Shape)
    page_size: int = 0


@dataclass(frozen=True, slots=True)
class Kept:
    """An object that is there now; without an id only where a dry run would make it."""

    id: str
    data: Mapping[str, Any]


class Sync:
    """One run: reads, compares, and unless it is dry, writes; `changes` tells what came of it."""

    def __init__(self, client: Client, *, is_dry: bool) -> None:
        """Make a run; nothing is sent yet."""
        self.client = client
        self.is_dry = is_dry
        self.changes: list[Change] = []

    def every(self, collection: Collection) -> list[Mapping[str, Any]]:
        """Return all objects of a kind, page after page."""
        found: list[Mapping[str, Any]] = []
        for page in range(1, _PAGES + 1):
            answer = self.client.get(collection.path, _page(collection, page))
            items = answer.get(collection.many) if collection.many and answer else answer
            if not isinstance(items, list):
                raise PushError.of(
                    "odd-answer",
                    f"{self.client.title} answers GET {collection.path} without a list of objects.",
                )
            found += items
            more = (
                len(items) >= collection.page_size
                if collection.page_size
                else isinstance(answer, dict) and answer.get("next_page")
            )
            if not more:
                return found
        raise PushError.of(
            "too-many", f"{self.client.title} has more than {_PAGES} pages at {collection.path}."
        )

    def find(self, collection: Collection, name: str) -> Kept | None:
        """Return the object of a name, or None. Raise PushError when there are two."""
        found = [one for one in self.every(collection) if one.get(collection.name_field) == name]
        if len(found) > 1:
            raise PushError.of(
                "twice",
                f"{self.client.title} has {len(found)} of the kind {collection.kind} named {name}.",
                remedy="Remove all but one there, then push again.",
            )
        return Kept(str(found[0]["id"]), found[0]) if found else None

    def ensure(
        self,
        collection: Collection,
        body: Mapping[str, Json],
        extra: Mapping[str, Json] | None = None,
    ) -> Kept:
        """Make or change the object so that it says what `body` says; return what is there then.

        `extra` is sent when it is made and not compared later. A request whose outcome is unsure,
        and a conflict with somebody else, are settled by looking again.
        """
        name = str(body[collection.name_field])
        wrote: Change | None = None
        for attempt in range(ATTEMPTS):
            found = self.find(collection, name)
            if found is None:
                wrote = Change(Action.CREATE, collection.kind, name)
                request, path = self.client.post, collection.path
                content = {**body, **(extra or {})}
            else:
                faults = tuple(differences(body, found.data, collection.shape))
                if not faults:
                    return self._done(wrote or Change(Action.KEEP, collection.kind, name), found)
                if wrote is None or wrote.action is not Action.CREATE:
                    touched = str(found.data.get("updated_at") or "")
                    told = sentences(faults)
                    wrote = Change(Action.CHANGE, collection.kind, name, told, touched)
                request, path = self.client.put, f"{collection.path}/{found.id}"
                content = dict(body)
            if self.is_dry:
                return self._done(wrote, found or Kept("", body))
            try:
                answer = request(path, {collection.one: content} if collection.one else content)
            except (UnsureError, TakenError):
                self.client.sleep(2.0**attempt)
                continue
            return self._done(wrote, _made(answer, collection, found, body))
        raise PushError.of(
            "unsettled",
            f"{self.client.title} does not settle the {collection.kind} {name} "
            f"after {ATTEMPTS} attempts.",
            remedy="Run the command again later; it goes on from there.",
        )

    def _done(self, change: Change, kept: Kept) -> Kept:
        self.changes.append(change)
        return kept

    def settle(
        self, what: tuple[str, str], faults: tuple[Difference, ...], path: str, body: object
    ) -> None:
        """Write a part of an object (kind, name) where it differs."""
        kind, name = what
        if not faults:
            self.changes.append(Change(Action.KEEP, kind, name))
            return
        if not self.is_dry:
            self.client.put(path, body)
        self.changes.append(Change(Action.CHANGE, kind, name, sentences(faults)))

    def remove(self, kind: str, name: str, path: str, why: str) -> None:
        """Take an object away that the contract doesn't have."""
        if not self.is_dry:
            self.client.delete(path)
        self.changes.append(Change(Action.REMOVE, kind, name, (why,)))

    @property
    def differs(self) -> tuple[Change, ...]:
        """Return the changes that are more than keeping what is there."""
        return tuple(change for change in self.changes if change.action is not Action.KEEP)


def _page(collection: Collection, page: int) -> dict[str, str | int] | None:
    if collection.page_size:
        return {"page": page, "per_page": collection.page_size}
    return {"page": page} if page > 1 else None


def _made(
    answer: Any, collection: Collection, found: Kept | None, body: Mapping[str, Json]
) -> Kept:
    """Return the object that an answer shows; some systems answer a change with nothing."""
    data = answer.get(collection.one, answer) if isinstance(answer, dict) else None
    if isinstance(data, dict) and "id" in data:
        return Kept(str(data["id"]), data)
    if found is not None:
        return Kept(found.id, {**found.data, **body})
    raise PushError.of("no-id", f"The new {collection.kind} came back without an id.")


def sentences(faults: tuple[Difference, ...]) -> tuple[str, ...]:
    """Return differences as sentences."""
    return tuple(f"{fault}." for fault in faults)
