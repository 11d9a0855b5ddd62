"""XML is parsed in one place, by the parser that refuses entities, network and huge trees."""

import ast

from tests.architecture.source import calls, modules

PARSER = "kernel/xml.py"
PARSING = {"fromstring", "parse", "XMLParser", "XML", "iterparse", "HTMLParser", "fromstringlist"}
ESCAPING = {"xml.sax.saxutils"}


def test_nothing_parses_xml_but_the_hardened_parser() -> None:
    found = [
        f"{name}:{line} {called}"
        for name, tree in modules()
        if name != PARSER
        for called, line in calls(tree)
        if called.startswith(("etree.", "lxml.")) and called.rpartition(".")[2] in PARSING
    ]
    assert found == []


def test_no_other_xml_library_is_imported() -> None:
    found = [
        f"{name}:{node.lineno} {module}"
        for name, tree in modules()
        if name != PARSER
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for module in _modules(node)
        if module.split(".")[0] in {"xml", "defusedxml", "xmltodict"} and module not in ESCAPING
    ]
    assert found == []


def test_no_parser_is_imported_by_its_own_name() -> None:
    found = [
        f"{name}:{node.lineno}"
        for name, tree in modules()
        if name != PARSER
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("lxml")
        for alias in node.names
        if alias.name != "etree" or alias.asname
    ]
    assert found == []


def _modules(node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    return [alias.name for alias in node.names]
