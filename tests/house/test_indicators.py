"""Every indicator names what it rests on; every parameter is named by an indicator or is a setting of the process."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from keli.model.catalogue import Catalogue
from keli.model.indicators import Indicator, indicators
from keli.model.source_kinds import source_kinds

SETTINGS = {
    "classification/confidence": "written beside a unit's industry code; no figure is computed with it",
    "audit/": "judges figures in print",
    "index/": "limits of keli index on plain files",
    "coverage/": "lists cases for people and warns; membership of the frame is the list",
    "sample/": "calibrates the synthetic sample",
    "map/": "checks map layers",
    "coding/": "proposes industry codes, which rows then carry",
    "linkage/": "proposes links, which rows then carry",
    "counts/": "rounds or blurs counts in plain files; the line withholds instead",
    "places/": "finds the subdistrict of an address, which rows then carry",
}
"""Parameter, or the beginning of its name -> what it is for, as no figure is computed with it."""

CALL = re.compile(r"""\.parameter\(\s*f?["'](?P<name>[a-z_]+/[a-z_]*)""")


def is_setting(name: str) -> bool:
    """Tell whether a parameter is a setting of the process."""
    return any(name == setting or (setting.endswith("/") and name.startswith(setting)) for setting in SETTINGS)


def named_by(entry: Indicator) -> set[str]:
    """Return the parameters that an indicator names, directly or through those that it is formed from."""
    return {*entry.parameters, *entry.release_parameters, *entry.constant_price_parameters}


@pytest.fixture(scope="module")
def named() -> set[str]:
    """Parameters that some indicator names."""
    return {name for entry in indicators().values() for name in named_by(entry)}


@pytest.fixture(scope="module")
def of_rules(root: Path) -> set[str]:
    """Parameters that a rule on delivered values names; a workspace may supply those that are not shipped."""
    books = [yaml.safe_load(path.read_text("utf-8")) for path in (root / "src/keli/catalogue/rules").glob("*.yaml")]
    return {rule["parameter"] for book in books for rule in book["rules"] if "parameter" in rule}


def test_every_parameter_named_is_there(catalogue: Catalogue, named: set[str], of_rules: set[str]) -> None:
    assert named - set(catalogue.parameters) - of_rules == set()


def test_every_parameter_is_named_or_a_setting(catalogue: Catalogue, named: set[str]) -> None:
    assert {name for name in catalogue.parameters if not is_setting(name)} - named == set()


def test_no_setting_is_named_by_an_indicator(named: set[str]) -> None:
    assert {name for name in named if is_setting(name)} == set()


def test_every_parameter_of_a_rule_is_named(named: set[str], of_rules: set[str]) -> None:
    assert of_rules
    assert of_rules - named == set()


def test_every_parameter_that_the_line_reads_is_named_or_a_setting(root: Path, named: set[str]) -> None:
    code = [path.read_text("utf-8") for path in (root / "src/keli/line").rglob("*.py")]
    read = {match["name"] for text in code for match in CALL.finditer(text)}
    assert {"value_added/items", "protection/"} <= read  # the second is completed by a name of a rule
    unknown = {name for name in read if not is_setting(name) and not any(known.startswith(name) for known in named)}
    assert unknown == set()


def test_every_indicator_names_inputs_that_are_kinds_of_source() -> None:
    kinds = set(source_kinds())
    for key, entry in indicators().items():
        assert entry.inputs, key
        assert {*entry.inputs, *entry.constant_price_inputs} <= kinds, key


def test_every_figure_is_rounded(named: set[str]) -> None:
    assert "rounding/decimals" in named
    assert [key for key, entry in indicators().items() if "rounding/decimals" not in named_by(entry)] == []
