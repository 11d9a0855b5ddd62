"""Every export is what its golden files say, fits its target's schema, and hides nothing."""

import os
from pathlib import Path

import pytest

from dealdesk.kernel.errors import DomainError
from dealdesk.sla.exporters.export import Options
from dealdesk.sla.exporters.registry import EXPORTERS, export_terms
from dealdesk.sla.model import read_terms
from tests.unit.sla.exports import (
    ACME,
    CONTRACTS,
    GOLDEN,
    IDS,
    TARGETS,
    contract,
    contract_data,
    entries,
    exported,
    schema_errors,
)

CASES = [(target, name) for target in TARGETS for name in CONTRACTS]
WITH_SCHEMA = (".json", ".yaml")


@pytest.mark.parametrize(("target", "name"), CASES)
def test_the_export_is_the_golden_folder(target: str, name: str) -> None:
    export = exported(name, target)
    folder = GOLDEN / target / name
    told = "".join(f"{e.kept.value}: {e.promise}: {e.reason}\n" for e in export.fidelity)
    files = {file.name: file.text for file in export.files} | {"fidelity.txt": told}
    if os.environ.get("WRITE_GOLDEN"):
        folder.mkdir(parents=True, exist_ok=True)
        for file, text in files.items():
            (folder / file).write_bytes(text.encode())
    assert {path.name for path in folder.iterdir()} == set(files)
    for file, text in files.items():
        assert (folder / file).read_bytes().decode() == text, file


@pytest.mark.parametrize(("target", "name"), CASES)
def test_every_data_file_fits_the_schema_of_its_target(target: str, name: str) -> None:
    for file in exported(name, target).files:
        if file.name.endswith(WITH_SCHEMA):
            assert list(schema_errors(target, file)) == []


@pytest.mark.parametrize(("target", "name"), CASES)
def test_every_promise_stands_in_the_fidelity_list(target: str, name: str) -> None:
    told = [entry.promise for entry in exported(name, target).fidelity]
    assert len(told) == len(set(told))
    for promised in contract(name).targets:
        assert f"{promised.severity} {promised.metric.replace('_', ' ')}" in told
    assert all(entry.reason.endswith(".") for entry in exported(name, target).fidelity)


@pytest.mark.parametrize("target", TARGETS)
def test_the_same_terms_give_the_same_bytes(target: str) -> None:
    again = export_terms(
        read_terms(contract_data(ACME)), target, Options(customer_id=IDS.get(target, ""))
    )
    assert exported(ACME, target) == again


@pytest.mark.parametrize("target", TARGETS)
def test_odd_names_stay_inside_their_texts(target: str) -> None:
    data = contract_data(ACME)
    data["customer"]["name"] = "A\"b'c\\d\n^EQ${x}\u2028\x7f“ü\n- evil: true"
    export = export_terms(read_terms(data), target, Options(customer_id=IDS.get(target, "")))
    for file in export.files:
        if file.name.endswith(WITH_SCHEMA):
            assert list(schema_errors(target, file)) == []
        assert "\n- evil" not in file.text


def test_each_target_has_its_golden_folder_and_its_title() -> None:
    folders = {path.name for path in GOLDEN.iterdir() if (path / ACME).is_dir()}
    assert folders == set(TARGETS)
    assert all(system.title for system in EXPORTERS.values())


def test_an_unknown_target_is_refused_with_those_that_exist() -> None:
    with pytest.raises(DomainError, match=r"There is no export for “fax”\. Use one of json"):
        exported(ACME, "fax")


@pytest.mark.parametrize("target", [n for n, s in EXPORTERS.items() if not s.priorities])
def test_a_map_is_refused_where_severities_keep_their_names(target: str) -> None:
    with pytest.raises(DomainError, match="there is nothing to map"):
        exported(ACME, target, severity_map={"sev1": "urgent"})


@pytest.mark.parametrize("target", TARGETS)
def test_an_id_that_can_not_be_one_is_refused(target: str) -> None:
    with pytest.raises(DomainError, match=r"is no id of a customer in|is not told a customer's id"):
        exported(ACME, target, customer_id="x^ORpriority=1" * 20)


@pytest.mark.parametrize("target", ["zabbix", "openslo", "prometheus"])
def test_terms_without_availability_are_no_use_to_a_monitor(target: str) -> None:
    data = contract_data(ACME)
    del data["availability"]
    with pytest.raises(DomainError, match="promise no availability"):
        export_terms(read_terms(data), target, Options())


@pytest.mark.parametrize("target", ["json", "icalendar", "rt"])
def test_terms_without_targets_still_export(target: str) -> None:
    data = contract_data(ACME)
    for key in ("severities", "targets", "channels", "availability", "credits"):
        data.pop(key, None)
    export = export_terms(read_terms(data), target)
    assert all(file.text for file in export.files)
    assert "availability" not in entries(export)


def test_golden_folders_hold_nothing_else() -> None:
    names = {path.name for path in Path(GOLDEN).iterdir()}
    assert names == {*TARGETS, "terms"}
