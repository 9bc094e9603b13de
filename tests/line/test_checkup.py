"""Settings that no file contradicts but the catalogue or the dates do."""

from __future__ import annotations

from pathlib import Path

import pytest

from keli.base.errors import ConfigurationError
from keli.line.checkup import open_workspace

SETTINGS = """
title: test district
area: "{area}"
years: [2020, {last}]
sources:
  - name: register
    kind: register
    files: [register.csv]
    received: 2022-03-01
    columns: {{name: 名称}}
"""


def written(folder: Path, area: str = "440304", last: int = 2021) -> Path:
    (folder / "register.csv").write_text("名称\n福田样例一\n", encoding="utf-8")
    (folder / "keli.yaml").write_text(SETTINGS.format(area=area, last=last), encoding="utf-8")
    return folder


def test_a_right_workspace_opens(tmp_path: Path) -> None:
    workspace, catalogue = open_workspace(written(tmp_path))
    assert catalogue.areas[workspace.area].name_zh == "福田区"


@pytest.mark.parametrize("area", ["440399", "440300"])
def test_what_is_no_district_is_refused_with_the_districts(tmp_path: Path, area: str) -> None:
    with pytest.raises(ConfigurationError, match="440304 福田区") as caught:
        open_workspace(written(tmp_path, area=area))
    assert str(caught.value.where).endswith('keli.yaml, column "area"')
    assert caught.value.exit_code == 2


def test_years_after_the_last_delivery_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="nothing was received after 2022") as caught:
        open_workspace(written(tmp_path, last=2031))
    assert caught.value.example == "years: [2020, 2022]"
