"""What docs/catalogue.md shows is what happens."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from keli.base.errors import ConfigurationError
from keli.model.catalogue import load_catalogue

PAGE = Path(__file__).resolve().parents[2] / "docs" / "catalogue.md"


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    return found[1]


def test_the_parameter_on_the_page_is_read(tmp_path: Path) -> None:
    path = tmp_path / "protection" / "min_count.yaml"
    path.parent.mkdir()
    path.write_text(block("yaml"), encoding="utf-8")
    assert load_catalogue(parameters=tmp_path).parameter("protection/min_count").at(2021) == 5


def test_the_plates_on_the_page_are_read(tmp_path: Path) -> None:
    path = tmp_path / "plates.csv"
    path.write_text(block("csv"), encoding="utf-8")
    catalogue = load_catalogue(plates=path)
    assert [plate.plate for plate in catalogue.plates if plate.activity == "030401"] == ["P1", "P2"]
    assert "030401" not in catalogue.unassigned_classes()


def test_the_error_on_the_page_is_the_one_printed(tmp_path: Path) -> None:
    path = tmp_path / "plates.csv"
    path.write_text(block("csv").replace("0.4", "0.5"), encoding="utf-8")
    with pytest.raises(ConfigurationError) as problem:
        load_catalogue(plates=path)
    assert str(problem.value) == block("text").strip().replace("my-district/catalogue/plates.csv", str(path))
