"""One commit per request or command, at the edge; Flask is known to the web alone."""

import ast

from tests.architecture.source import calls, modules

EDGES = {"web/edge.py", "worker/runner.py", "cli/edge.py"}


def test_nothing_commits_but_the_edges() -> None:
    found = [
        f"{name}:{line}"
        for name, tree in modules()
        if name not in EDGES
        for called, line in calls(tree)
        if called.endswith(".commit") or (called.endswith(".begin") and "session" in called.lower())
    ]
    assert found == []


def test_flask_is_known_to_web_and_api_alone() -> None:
    found = [
        name
        for name, tree in modules()
        if not name.startswith(("web/", "api/"))
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom | ast.Import)
        for module in _imported(node)
        if module.split(".")[0] in {"flask", "flask_wtf", "werkzeug"} and name != "cli/serve.py"
    ]
    assert found == []


def _imported(node: ast.ImportFrom | ast.Import) -> list[str]:
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    return [alias.name for alias in node.names]
