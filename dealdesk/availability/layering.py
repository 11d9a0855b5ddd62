"""Layers of downtime by a contract's rule for components: any, all, or each by its share."""

from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction

from dealdesk.availability.history import Impact
from dealdesk.availability.weighing import NONE, ONE
from dealdesk.sla.availability_terms import Availability, ComponentRule
from dealdesk.terms.intervals import Interval, joined, without
from dealdesk.terms.uptime import Layer, heaviest, lightest

SERVICE = ""
_Group = dict[Fraction, list[Interval]]


def downtime_layers(
    own: Availability,
    weighed: Iterable[tuple[Impact, Fraction, str]],
    downtime: Iterable[Interval],
    observed: int,
) -> tuple[Layer, ...]:
    """Return layers of downtime by the contract's rule for components."""
    groups = _grouped(own, weighed, observed)
    whole: _Group = {ONE: list(downtime)}
    match own.component_rule:
        case ComponentRule.ANY:
            return heaviest(_added(groups[SERVICE].items(), whole))
        case ComponentRule.ALL:
            names = [one.id for one in own.components] or list(groups)
            shared = lightest([groups[name] for name in names])
            return heaviest(_added(shared, whole))
        case ComponentRule.WEIGHTED:
            return _shares(own, groups, whole)


def _grouped(
    own: Availability, weighed: Iterable[tuple[Impact, Fraction, str]], observed: int
) -> dict[str, _Group]:
    """Return what counts by component and weight; one group where any component will do."""
    # Statuses are told apart before weights: fractions are slow to look up.
    by_status: defaultdict[tuple[str, str], list[Interval]] = defaultdict(list)
    is_any = own.component_rule is ComponentRule.ANY
    weights: dict[str, Fraction] = {}
    for impact, weight, _ in weighed:
        if weight is not NONE and weight.numerator:
            weights[impact.status] = weight
            end = impact.end if impact.end is not None else observed
            key = SERVICE if is_any else impact.component
            by_status[key, impact.status].append((impact.start, end))
    groups: defaultdict[str, _Group] = defaultdict(dict)
    for (component, status), spans in by_status.items():
        groups[component].setdefault(weights[status], []).extend(spans)
    return groups


def _added(layers: Iterable[tuple[Fraction, Iterable[Interval]]], whole: _Group) -> _Group:
    by_weight: _Group = {weight: list(spans) for weight, spans in layers}
    by_weight.setdefault(ONE, []).extend(whole[ONE])
    return by_weight


def _shares(own: Availability, groups: dict[str, _Group], whole: _Group) -> tuple[Layer, ...]:
    """Return each component's layers with its share; what takes the service down takes all."""
    total = sum((Fraction(one.share) for one in own.components), NONE) or ONE
    service = joined(whole[ONE])
    layers: list[Layer] = [(ONE, service)]
    for one in own.components:
        share = Fraction(one.share) / total
        layers += [
            (weight * share, without(spans, service)) for weight, spans in heaviest(groups[one.id])
        ]
    return tuple(layers)
