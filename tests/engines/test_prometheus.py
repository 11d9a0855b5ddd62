"""promtool takes the exported rules, and its unit tests find the downtime that our budget finds."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from dealdesk.sla.exporters.prometheus import budget_seconds
from tests.unit.sla.exports import ACME, BERLIN, contract, exported, file_of

RULES = "contract-sla.rules.yaml"
MONTH = 30 * 24 * 60
pytestmark = pytest.mark.skipif(
    shutil.which("promtool") is None, reason="promtool is not installed (prometheus)"
)


def promtool(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["promtool", *arguments], cwd=folder, capture_output=True, text=True, check=False, timeout=300
    )  # fmt: skip


def write_rules(folder: Path, name: str) -> None:
    (folder / RULES).write_text(file_of(exported(name, "prometheus"), RULES), "utf-8")


@pytest.mark.parametrize("name", [ACME, BERLIN])
def test_promtool_finds_the_rules_right(tmp_path: Path, name: str) -> None:
    write_rules(tmp_path, name)
    found = promtool(tmp_path, "check", "rules", RULES)
    assert found.returncode == 0, found.stdout + found.stderr


def samples(outages: list[tuple[int, int]]) -> str:
    """Return a month of minutes as promtool writes them: up, and down for each (start, minutes)."""
    parts, at = [], 0
    for start, minutes in outages:
        parts += [f"1x{start - at - 1}", f"0x{minutes - 1}"]
        at = start + minutes
    return " ".join([*parts, f"1x{MONTH - at}"])


def rule_test(outages: list[tuple[int, int]], alerts: list[str]) -> dict[str, object]:
    down = sum(minutes for _, minutes in outages) * 60
    labels = {"contract": ACME}
    severities = {"ContractDowntimeHalfUsed": "warning", "ContractDowntimeUsedUp": "critical"}
    return {
        "interval": "1m",
        "input_series": [
            {"series": f'contract_service_up{{contract="{ACME}"}}', "values": samples(outages)}
        ],
        "promql_expr_test": [
            {
                "expr": "contract:downtime_seconds:30d",
                "eval_time": "30d",
                "exp_samples": [
                    {"labels": f'contract:downtime_seconds:30d{{contract="{ACME}"}}', "value": down}
                ],
            }
        ],
        "alert_rule_test": [
            {
                "eval_time": "30d",
                "alertname": name,
                "exp_alerts": [
                    {"exp_labels": {**labels, "severity": severity}, "exp_annotations": told(name)}
                ]
                if name in alerts
                else [],
            }
            for name, severity in severities.items()
        ],
    }


def told(alert: str) -> dict[str, str]:
    used = "half of" if alert.endswith("HalfUsed") else "more than"
    return {
        "summary": f"{ACME} has used {used} the downtime that it allows in 30 days.",
        "description": "99.9 % over 30 rolling days allow 2592 s of downtime. This warns early; "
        "the contract measures by calendar_month in America/New_York.",
    }


@pytest.mark.slow
def test_the_alerts_fire_exactly_where_the_budget_ends(tmp_path: Path) -> None:
    assert budget_seconds(contract(ACME).availability) == 2592
    write_rules(tmp_path, ACME)
    half, used = "ContractDowntimeHalfUsed", "ContractDowntimeUsedUp"
    cases = {
        "evaluation_interval": "1h",
        "rule_files": [RULES],
        # Left to itself promtool evaluates groups in any order, an hour's steps apart: alerts that
        # come first would find a figure of an hour ago, which Prometheus no longer looks at.
        "group_eval_order": [f"contract-sla-{ACME}", f"contract-sla-alerts-{ACME}"],
        "tests": [
            rule_test([], []),
            rule_test([(600, 21)], []),
            # 43 minutes are within the budget, also where an outage lies over a full hour, which
            # ranges that take both their ends would count twice.
            rule_test([(600, 22)], [half]),
            rule_test([(1181, 40), (30_000, 3)], [half]),
            rule_test([(1181, 40), (30_000, 4)], [half, used]),
        ],
    }
    (tmp_path / "cases.yaml").write_text(json.dumps(cases), "utf-8")
    found = promtool(tmp_path, "test", "rules", "cases.yaml")
    assert found.returncode == 0, found.stdout + found.stderr
