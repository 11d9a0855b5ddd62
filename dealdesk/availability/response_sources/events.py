"""What the readers of support events share: files, and severities under the names of a system."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from dealdesk.availability.responses import ResponseEvent
from dealdesk.availability.sources.source import SourceFile


@dataclass(frozen=True, slots=True)
class Naming:
    """How a system names things: its priorities as our severities, one customer for all tickets."""

    severities: Mapping[str, str] = field(default_factory=dict)
    customer: str = ""

    def severity(self, name: str) -> str:
        """Return our severity for a name; names that are not mapped stay what they are."""
        return self.severities.get(name, name)


ResponseReader: TypeAlias = Callable[[Sequence[SourceFile], Naming], tuple[ResponseEvent, ...]]
