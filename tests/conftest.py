"""Settings that all tests share."""

import os
from pathlib import Path

from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parents[1]
CASES = ROOT.parent / "shared" / "cases"

settings.register_profile(
    "modest",
    max_examples=50,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("thorough", parent=settings.get_profile("modest"), max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "modest"))
