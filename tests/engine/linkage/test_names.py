"""Names of firms are read as place, core, industry word and legal form."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ibis
import pytest

from keli.engine.connect import connect_duckdb
from keli.engine.linkage.models.firms import prepared_firms
from keli.engine.linkage.records.names import halves
from keli.engine.linkage.steps import Steps
from keli.model.catalogue import Catalogue


def prepared(catalogue: Catalogue, folder: Path, field: str, values: list[str]) -> list[dict[str, Any]]:
    """What is prepared of each value of one field."""
    connection = connect_duckdb(folder)
    rows = [{"unique_id": at, "side": 0, f"{field}_0": value} for at, value in enumerate(values)]
    table = connection.create_table("records", ibis.memtable(rows))
    facts = {name: catalogue.parameter(f"linkage/{name}").values[-1].value for name in ("name_words", "address_words")}
    done = prepared_firms(Steps(connection), table, {field: (f"{field}_0",)}, facts)
    found: list[dict[str, Any]] = connection.to_pyarrow(done.order_by("unique_id")).to_pylist()
    return found


@pytest.mark.parametrize(
    ("name", "place", "core", "industry"),
    [
        ("深圳市和科达精密设备股份有限公司", "深圳", "和科达", "精密设备"),
        ("声浩科技（深圳）有限公司", "深圳", "声浩", "科技"),
        ("北京华环电子股份有限公司", "北京", "华环", "电子"),
        ("深圳市金州市政工程有限公司", "深圳", "金州", "市政工程"),
        ("ＡＢＣ科技有限公司", None, "ABC", "科技"),
        ("深圳市投资控股有限公司", "深圳", "深圳市投资控股", None),
    ],
)
def test_parts_of_a_name(
    name: str, place: str | None, core: str, industry: str | None, catalogue: Catalogue, tmp_path: Path
) -> None:
    [found] = prepared(catalogue, tmp_path, "name", [name])
    assert (found["place"], found["core"], found["industry"]) == (place, core, industry)


def test_traditional_full_width_and_brackets_are_one_name(catalogue: Catalogue, tmp_path: Path) -> None:
    rows = prepared(catalogue, tmp_path, "name", ["深圳國際電腦（集團）有限公司", "深圳国际电脑(集团) 有限公司"])
    assert rows[0]["name_key"] == rows[1]["name_key"] == "深圳国际电脑集团有限公司"
    assert [row["grouped"] for row in rows] == [True, True]


def test_a_branch_is_told_from_its_firm(catalogue: Catalogue, tmp_path: Path) -> None:
    firm, branch = prepared(
        catalogue, tmp_path, "name", ["广州市汇泉翻译服务有限公司", "广州市汇泉翻译服务有限公司深圳分公司"]
    )
    assert firm["stem"] == branch["stem"] == "汇泉翻译服务"
    assert (firm["branch"], branch["branch"]) == ("", "有限公司深圳分公司")


def test_the_sound_of_a_core(catalogue: Catalogue, tmp_path: Path) -> None:
    rows = prepared(catalogue, tmp_path, "name", ["深圳市英惠科技有限公司", "深圳市鹰慧科技有限公司"])
    assert [row["core_sound"] for row in rows] == ["ying hui", "ying hui"]


def test_addresses_written_in_several_ways(catalogue: Catalogue, tmp_path: Path) -> None:
    rows = prepared(
        catalogue, tmp_path, "address",
        ["广东省深圳市福田区华富街道莲花一村社区深南大道1027号新城大厦西座17层(仅限办公)",
            "深圳市福田区深南大道1027号新城大厦西座17楼",],
    )  # fmt: skip
    for row in rows:
        assert (row["city_address_0"], row["district_address_0"]) == ("深圳", "福田")
        assert (row["door_address_0"], row["building_address_0"]) == ("深南大道1027", "新城大厦")
    assert rows[0]["local_address_0"] == rows[1]["local_address_0"] == "深南大道1027-新城大厦西-17"
    assert [row["n_local_address_0"] for row in rows] == [2, 2]


def test_a_zone_without_a_number_is_told_with_its_district(catalogue: Catalogue, tmp_path: Path) -> None:
    rows = prepared(catalogue, tmp_path, "address", ["江西省吉安市青原区华能工业园", "吉安市吉州区华能工业园"])
    assert [row["local_address_0"] for row in rows] == ["青原华能工业园", "吉州华能工业园"]


def test_two_names_that_differ_in_one_character_share_a_half(catalogue: Catalogue, tmp_path: Path) -> None:
    [right, wrong, longer] = [
        set(ibis.duckdb.connect().execute(halves(ibis.literal(name))))
        for name in ("云帆数桥科技", "云凡数桥科技", "云帆数桥网科技")
    ]
    assert right & wrong == {">桥科技"}
    assert right & longer == {"<云帆数"}


def test_numbers_and_letters_of_a_name_are_told_apart(catalogue: Catalogue, tmp_path: Path) -> None:
    [shop] = prepared(catalogue, tmp_path, "name", ["深圳市Ａ１便利连锁第８８店"])
    assert (shop["digits"], shop["latin"]) == ("188", "A188")
