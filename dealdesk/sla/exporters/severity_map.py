"""Severities of a contract onto the priorities of a system: by rank, or as somebody says."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dealdesk.kernel.errors import DomainError, Problem
from dealdesk.sla.exporters.export import Faithful, Fidelity, Options, System
from dealdesk.sla.model import SlaTerms, Target


@dataclass(frozen=True, slots=True)
class PriorityMap:
    """Which priority each severity has; every priority of the system gets some severity's times.

    A priority that no severity is mapped to takes the times of the next more urgent one that is,
    or of the most urgent one where there is none above it: its tickets are never without a clock.
    """

    priorities: tuple[str, ...]
    chosen: Mapping[str, str]
    is_default: bool

    def mapped(self, priority: str) -> tuple[str, ...]:
        """Return the severities that somebody or the default put on a priority, by rank."""
        return tuple(severity for severity, taken in self.chosen.items() if taken == priority)

    def severities(self, priority: str) -> tuple[str, ...]:
        """Return the severities whose times a priority takes, by rank; never none."""
        place = self.priorities.index(priority)
        nearest = (*reversed(self.priorities[: place + 1]), *self.priorities[place + 1 :])
        return next(found for one in nearest if (found := self.mapped(one)))

    def target(self, terms: SlaTerms, priority: str, metric: str) -> Target | None:
        """Return the promised time of a priority: that of its highest severity which has one."""
        found = (terms.target(severity, metric) for severity in self.severities(priority))
        return next((target for target in found if target is not None), None)

    def shared_with(self, terms: SlaTerms, target: Target) -> str | None:
        """Return the severity whose time stands in for a target on the same priority, or None."""
        taken = self.target(terms, self.chosen[target.severity], target.metric)
        return taken.severity if taken is not None and taken != target else None

    def fidelity(self) -> Iterator[Fidelity]:
        """Yield how severities and priorities go together."""
        how = "By rank" if self.is_default else "As asked for"
        pairs = ", ".join(f"{severity}={priority}" for severity, priority in self.chosen.items())
        spare = [
            f"{priority} takes the times of severity {self.severities(priority)[0]}"
            for priority in self.priorities
            if not self.mapped(priority)
        ]
        is_exact = not spare and len(self.chosen) == len(self.priorities)
        kept = Faithful.EXACT if is_exact else Faithful.APPROXIMATED
        yield Fidelity("severities as priorities", kept, f"{how}: {'; '.join([pairs, *spare])}.")


def map_severities(terms: SlaTerms, system: System, options: Options) -> PriorityMap:
    """Return the map for a system: the one asked for, or by rank where each has its own priority.

    Raise DomainError where the terms have no severities, more of them than the system has
    priorities, or where the map names what isn't there.
    """
    ranked = [severity.id for severity in sorted(terms.severities, key=lambda s: s.rank)]
    if not ranked:
        raise DomainError.of(
            "no-severities",
            f"The terms have no severities, so there is nothing to set up in {system.title}.",
            remedy="Export terms with a severity matrix.",
        )
    if options.severity_map:
        problems = list(_map_problems(ranked, system, options.severity_map))
        if problems:
            raise DomainError(problems)
        chosen = {severity: options.severity_map[severity] for severity in ranked}
        return PriorityMap(system.priorities, chosen, is_default=False)
    if len(ranked) > len(system.priorities):
        raise DomainError.of(
            "severity-map-needed",
            f"The contract has {len(ranked)} severities ({', '.join(ranked)}) and {system.title} "
            f"has {len(system.priorities)} priorities ({', '.join(system.priorities)}).",
            remedy="Say which goes where: "
            f"--severity-map {ranked[0]}={system.priorities[0]},{ranked[1]}=….",
        )
    return PriorityMap(
        system.priorities, dict(zip(ranked, system.priorities, strict=False)), is_default=True
    )


def _map_problems(
    ranked: list[str], system: System, wanted: Mapping[str, str]
) -> Iterator[Problem]:
    for severity, priority in wanted.items():
        if severity not in ranked:
            message = f"The severity map names “{severity}”, which is no severity of the contract."
            yield Problem("unknown-severity", message, remedy=f"Use {', '.join(ranked)}.")
        if priority not in system.priorities:
            message = f"{system.title} has no priority “{priority}”."
            remedy = f"Use {', '.join(system.priorities)}."
            yield Problem("unknown-priority", message, remedy=remedy)
    missing = [severity for severity in ranked if severity not in wanted]
    if missing:
        message = f"The severity map leaves out {', '.join(missing)}."
        yield Problem("severity-left-out", message, remedy="Give each severity a priority.")


def parse_severity_map(text: str) -> Mapping[str, str]:
    """Return "sev1=urgent,sev2=high" as a map. Raise DomainError where a part is no pair."""
    pairs: dict[str, str] = {}
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        severity, equals, priority = (piece.strip() for piece in part.partition("="))
        if not equals or not severity or not priority or severity in pairs:
            why = "stands twice" if severity in pairs else "is no pair"
            raise DomainError.of(
                "bad-severity-map",
                f"“{part}” in the severity map {why}.",
                remedy="Write it as sev1=urgent,sev2=high.",
            )
        pairs[severity] = priority
    return pairs
