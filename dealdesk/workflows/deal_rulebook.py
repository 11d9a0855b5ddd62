"""The rules by which deals are judged: those of the files, those published, those of a version."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from sqlalchemy.orm import Session

from dealdesk.agreements.queries import list_version_clauses
from dealdesk.approvals.policy import Policy
from dealdesk.approvals.policy_file import load_policy
from dealdesk.approvals.policy_versions import find_policy_in_force, readable
from dealdesk.clauses.loader import DEFAULT_LIBRARY, load_library
from dealdesk.clauses.model import Library
from dealdesk.deals.catalogue import Catalogue, load_catalogue
from dealdesk.kernel.located_yaml import read_text_file
from dealdesk.kernel.remembered import Remembered
from dealdesk.workflows.library_in_force import library_in_force, library_with


@dataclass(frozen=True, eq=False, slots=True)
class Rules:
    """What deals are judged by: the library with its policy and its catalogue.

    `folder` is where the library's files are; what is published stands in place of its clauses.
    """

    library: Library
    policy: Policy
    catalogue: Catalogue | None
    policy_text: str = ""
    folder: Path = DEFAULT_LIBRARY


def load_rules(folder: Path) -> Rules:
    """Return the rules in a library's folder. Raise DomainError with everything wrong in it."""
    prices = folder / "catalogue.yaml"
    policy = folder / "policies" / "approval.yaml"
    return Rules(
        load_library(folder),
        load_policy(policy),
        load_catalogue(prices) if prices.is_file() else None,
        read_text_file(policy),
        folder,
    )


def rules_in_force(session: Session, rules: Rules, now: datetime) -> Rules:
    """Return the rules with what is published: policy and clauses, which may not be the files'."""
    library = library_in_force(session, rules.folder, rules.library, now.date())
    row = find_policy_in_force(session)
    found = _with_library(rules, library)
    return found if row is None else with_policy(found, row.text)


def with_clauses(session: Session, rules: Rules, version_id: int) -> Rules:
    """Return the rules with the clauses that a version was made from."""
    return with_hashes(session, rules, list_version_clauses(session, version_id))


def with_hashes(session: Session, rules: Rules, hashes: Collection[str]) -> Rules:
    """Return the rules with the recorded clauses of those hashes."""
    return _with_library(rules, library_with(session, rules.folder, rules.library, hashes))


def _with_library(rules: Rules, library: Library) -> Rules:
    """Return the rules with a library; the same library gives the same rules."""
    if library is rules.library:
        return rules
    return _RULES.made((rules, library.sha256), lambda: replace(rules, library=library))


_RULES: Remembered[tuple[Rules, str], Rules] = Remembered(256)


@lru_cache(maxsize=64)
def with_policy(rules: Rules, text: str) -> Rules:
    """Return the rules with the policy in a text; the same text gives the same rules."""
    if text == rules.policy_text:
        return rules
    return replace(rules, policy=readable(text), policy_text=text)
