"""Try an approval policy: each rule on deals that make it ask and deals that don't, and what-if."""

import copy
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dealdesk.approvals.assessment import Assessment
from dealdesk.approvals.policy import Policy
from dealdesk.clauses.model import Library
from dealdesk.deals.catalogue import Catalogue
from dealdesk.deals.deal_file import read_deal
from dealdesk.kernel.errors import DomainError, Problem
from dealdesk.kernel.fields import Fields
from dealdesk.kernel.located_yaml import Data, Located, load_yaml, load_yaml_file
from dealdesk.workflows.quoting import quote

FORMAT = "policy-samples/1"
SAMPLES_KEYS = ("schema", "deal", "samples")
RULE_KEYS = ("rule", "asks", "quiet")
CASE_KEYS = ("set", "roles")


@dataclass(frozen=True, slots=True)
class Case:
    """A change of the sample deal, and the roles that a rule then asks (none: it stays quiet)."""

    rule: str
    changes: Mapping[str, Data]
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PolicySamples:
    """The deal that samples start from, as plain data, and the cases of each rule."""

    deal: Mapping[str, Data]
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rule did in a case; `asked` are the roles, `messages` its reasons."""

    case: Case
    asked: tuple[str, ...]
    messages: tuple[str, ...]

    @property
    def is_as_expected(self) -> bool:
        """Tell whether the rule asked the roles that the sample names, and no others."""
        return set(self.asked) == set(self.case.roles)


@dataclass(frozen=True, slots=True)
class Bench:
    """What a deal is quoted with."""

    library: Library
    policy: Policy
    catalogue: Catalogue | None

    def assess(self, deal: Mapping[str, Data], name: str) -> Assessment:
        """Return what the policy says of a deal. Raise DomainError when it is no deal."""
        located = load_yaml(json.dumps(deal), name)
        return quote(
            read_deal(located, self.catalogue), self.library, self.policy, self.catalogue
        ).assessment


def load_policy_samples(path: Path, name: str = "") -> PolicySamples:
    """Return the samples in a file. Raise DomainError with every problem in it."""
    return read_policy_samples(load_yaml_file(path, name))


def read_policy_samples(located: Located) -> PolicySamples:
    """Return the samples of a YAML document. Raise DomainError with every problem in it."""
    root = Fields.root(located, SAMPLES_KEYS)
    if root.text("schema") != FORMAT:
        root.note("wrong-schema", "schema", f"This is not a {FORMAT} file.", f"Write {FORMAT}.")
    samples = PolicySamples(
        deal=root.plain("deal"),
        cases=tuple(case for item in root.items("samples", RULE_KEYS) for case in _cases(item)),
    )
    root.raise_problems()
    return samples


def _cases(item: Fields) -> Iterator[Case]:
    rule = item.text("rule", longest=60)
    for key in ("asks", "quiet"):
        for part in item.items(key, CASE_KEYS):
            roles = part.texts("roles")
            if (key == "asks") != bool(roles):
                part.note("roles", "roles", "“asks” names the roles asked, “quiet” has none.")
            yield Case(rule, part.plain("set"), roles)


def simulate(samples: PolicySamples, bench: Bench) -> tuple[Outcome, ...]:
    """Return what each rule does in its cases. Raise DomainError where a changed deal is none."""
    return tuple(_outcome(case, samples.deal, bench) for case in samples.cases)


def _outcome(case: Case, deal: Mapping[str, Data], bench: Bench) -> Outcome:
    words = ", ".join(f"{path} = {value}" for path, value in case.changes.items())
    assessment = bench.assess(changed(deal, case.changes), f"sample of {case.rule} ({words})")
    asked = {
        requirement.role: [one.message for one in requirement.reasons if one.rule == case.rule]
        for requirement in assessment.requirements
    }
    asked |= {
        role: [one.reason.message]
        for one in assessment.walk_aways
        if one.reason.rule == case.rule
        for role in one.exception_roles
    }
    told = {role: messages for role, messages in asked.items() if messages}
    messages = dict.fromkeys(message for found in told.values() for message in found)
    return Outcome(case, tuple(told), tuple(messages))


def untried(samples: PolicySamples, policy: Policy) -> Iterator[Problem]:
    """Yield a problem for each rule that lacks a case of either kind, and for cases of no rule."""
    rules = [rule.id for rule in policy.rules]
    for rule in rules:
        kinds = {bool(case.roles) for case in samples.cases if case.rule == rule}
        if True not in kinds:
            yield Problem("no-sample", f"No sample makes the rule “{rule}” ask.")
        if False not in kinds:
            yield Problem("no-sample", f"No sample leaves the rule “{rule}” quiet.")
    for rule in dict.fromkeys(case.rule for case in samples.cases if case.rule not in rules):
        yield Problem("unknown-rule", f"The policy {policy.key} has no rule “{rule}”.")


def changed(deal: Mapping[str, Data], changes: Mapping[str, Data]) -> dict[str, Data]:
    """Return a deal's data with values set at dotted paths; a number counts in a list from 0.

    Raise DomainError for a path that leads through a value, or past a list's end.
    """
    result: dict[str, Data] = copy.deepcopy(dict(deal))
    for path, value in changes.items():
        _put(result, path, path.split("."), value)
    return result


def _put(place: Data, path: str, names: Sequence[str], value: Data) -> None:
    head, *rest = names
    if isinstance(place, list) and head.isdecimal() and int(head) < len(place):
        if rest:
            _put(place[int(head)], path, rest, value)
        else:
            place[int(head)] = value
    elif isinstance(place, dict):
        if rest:
            _put(place.setdefault(head, {}), path, rest, value)
        else:
            place[head] = value
    else:
        raise DomainError.of(
            "bad-path",
            f"Nothing can be set at “{path}”: the deal has no “{head}” there.",
            remedy="Write the path of a value in the deal file, such as order.lines.0.quantity.",
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """One role with one reason, as a policy asks it."""

    role: str
    rule: str
    message: str


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What a change of a deal would add to who is asked and why, and what it would take away."""

    before: tuple[Asked, ...]
    after: tuple[Asked, ...]

    @property
    def added(self) -> tuple[Asked, ...]:
        """What would be asked on top."""
        return tuple(one for one in self.after if one not in self.before)

    @property
    def dropped(self) -> tuple[Asked, ...]:
        """What would no longer be asked."""
        return tuple(one for one in self.before if one not in self.after)


def what_if(deal: Mapping[str, Data], changes: Mapping[str, Data], bench: Bench) -> WhatIf:
    """Return what a policy asks of a deal now and after changes. Raise DomainError as the quote."""
    return WhatIf(
        tuple(_asked(bench.assess(deal, "the deal"), bench)),
        tuple(_asked(bench.assess(changed(deal, changes), "the changed deal"), bench)),
    )


def _asked(assessment: Assessment, bench: Bench) -> Iterator[Asked]:
    for requirement in assessment.requirements:
        for reason in requirement.reasons:
            yield Asked(requirement.title, reason.rule, reason.message)
    for walk_away in assessment.walk_aways:
        for role in walk_away.exception_roles:
            title = bench.policy.title_of(role)
            yield Asked(f"{title} (exception)", walk_away.reason.rule, walk_away.reason.message)
