"""Terms and histories for tests, made from the rich deal's terms and a few words."""

import json
from collections.abc import Mapping

from dealdesk.availability.history import History, Impact, MaintenanceWork
from dealdesk.availability.history_file import to_epoch
from dealdesk.kernel.hashing import canonical_json
from dealdesk.sla.model import SlaTerms, read_terms
from dealdesk.sla.projection import project
from tests.enterprise import rich_quote, shipped_library

U = (("99.9", "5"), ("99.0", "20"), ("97.0", "35"), ("95.0", "50"))
_BASE: list[str] = []


def base() -> dict:
    if not _BASE:
        _BASE.append(canonical_json(project(rich_quote().version, shipped_library())))
    return json.loads(_BASE[0])


def made(
    objective: str = "99.9",
    effective: tuple[str, str] = ("2026-01-01", "2030-12-31"),
    revision: int = 1,
    tiers: tuple[tuple[str, str], ...] = U,
    **parts: object,
) -> SlaTerms:
    """Return terms with an objective; further parts are laid over availability, credits, …"""
    data = base()
    data["revision"] = revision
    data["effective"] = {"from": effective[0], "until": effective[1]}
    data["availability"] |= {"objective_percent": objective, "maintenance": {}}
    data["credits"] |= {
        "tiers": [{"below_percent": b, "credit_percent": c} for b, c in tiers],
        "cap_percent": "50",
    }
    data["chronic_failure"] = {"missed": 2, "window": 3, "mode": "within"}
    for name, part in parts.items():
        data[name] = data.get(name, {}) | part if isinstance(part, Mapping) else part
    return read_terms(data)


def impact(
    start: str,
    end: str | None,
    status: str = "major_outage",
    component: str = "app",
    cause: str = "",
) -> Impact:
    """Return an impact that was observed as it began; its id is its start."""
    return Impact(
        id=f"{component} {start} {status}",
        component=component,
        status=status,
        start=to_epoch(start),
        end=to_epoch(end) if end else None,
        observed=to_epoch(start),
        cause=cause,
    )


def work(start: str, end: str, announced: str | None, **more: object) -> MaintenanceWork:
    """Return maintenance, announced at an instant."""
    told = to_epoch(announced) if announced else None
    return MaintenanceWork(to_epoch(start), to_epoch(end), told, **more)


def known(
    *things: Impact | MaintenanceWork,
    covered: tuple[str, str] = ("2026-01-01T00:00:00Z", "2030-12-31T00:00:00Z"),
    **more: object,
) -> History:
    """Return a history of impacts and works."""
    return History(
        covered_from=to_epoch(covered[0]),
        covered_until=to_epoch(covered[1]),
        impacts=tuple(one for one in things if isinstance(one, Impact)),
        maintenance=tuple(one for one in things if isinstance(one, MaintenanceWork)),
        **more,
    )
