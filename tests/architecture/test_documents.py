"""What docs/ says of the house is so."""

import re
import tomllib

from dealdesk.kernel.settings import SETTINGS
from tests.architecture.source import PACKAGE, ROOT, modules


def test_every_setting_is_documented_and_no_other() -> None:
    text = (ROOT / "docs" / "settings.md").read_text("utf-8")
    documented = re.findall(r"^## `([A-Z_]+)`$", text, re.MULTILINE)
    assert documented == list(SETTINGS)
    assert all(meaning in text for meaning in SETTINGS.values())


def test_nothing_reads_the_environment_but_the_settings() -> None:
    allowed = {"kernel/settings.py", "cli/demo.py"}  # the demo passes its environment on
    found = [name for name, tree in modules() if name not in allowed and _reads_environment(name)]
    assert found == []


def _reads_environment(name: str) -> bool:
    return re.search(r"\bos\.(environ|getenv)\b", (PACKAGE / name).read_text("utf-8")) is not None


def test_the_layers_in_the_guide_are_the_contracts() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    layers = project["tool"]["importlinter"]["contracts"][0]["layers"]
    contract = [[part.strip(" ()") for part in layer.split("|")] for layer in reversed(layers)]
    guide = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    block = re.search(r"```text\n(.*?)```", guide, re.DOTALL)
    assert block is not None
    told = [[part.strip() for part in layer.split("|")] for layer in block[1].split("<")]
    assert told == contract


def test_every_package_has_its_line_in_the_guide() -> None:
    guide = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    packages = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert packages <= set(re.findall(r"^- `(\w+)/`: ", guide, re.MULTILINE))
