"""The register (名录) and the above-scale list (规上名单)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from keli.sample.delivery.dirt import Sheet
from keli.sample.delivery.facts import MANNERS, Facts, may_lose_code, mistyped, named
from keli.sample.delivery.files import CsvFile, write_xlsx
from keli.sample.delivery.text import chosen, dates, full_width, joined, kept, numbers, with_thousands
from keli.sample.truth.accounts import FEN_OF_YUAN
from keli.sample.truth.conventions import FIRST_YEAR, LAST_YEAR, YEARS
from keli.sample.truth.population import DAYS_OF_YEAR, INDIVIDUAL, NEVER, OUTSIDE

Array = npt.NDArray[Any]

REGISTER = "register"
REGISTER_FILE = "register.csv"
REGISTER_COLUMNS = (
    "单位名称", "统一社会信用代码", "单位类型", "归属法人统一社会信用代码", "所属集团", "曾用名", "登记注册类型",
    "成立日期", "注销日期", "注册资本(万元)", "经营范围", "行业代码", "街道", "住所",
)  # fmt: skip
FRAME = "frame"
FRAME_HEADS = (
    ("单位", "", "", "在库情况", "", ""),
    ("名称", "统一社会信用代码", "行业代码", "入库日期", "退库日期", "街道"),
)
FRAME_COLUMNS = (
    "单位 名称",
    "单位 统一社会信用代码",
    "单位 行业代码",
    "在库情况 入库日期",
    "在库情况 退库日期",
    "在库情况 街道",
)
ROWS_ABOVE_FRAME = 4
KINDS = ("法人单位", "产业活动单位", "个体经营户")
REGISTRATION_TYPES = ("173", "私营有限责任公司", "159", "151", "160", "171", "230", "330")
REGISTRATION_SHARES = (0.50, 0.20, 0.14, 0.02, 0.03, 0.03, 0.05, 0.03)
SOLE_TRADER = "410"
ROADS = "一二三四五六七八九"
VAGUE = "依法自主开展经营活动"
FOLLOWING = ("技术进出口", "货物进出口", "技术服务、技术开发、技术咨询")
WAN = 10_000
CODE_LETTERS_WRONG = "0"


def deliver_register(facts: Facts, file: CsvFile) -> None:
    """Write the register rows of a chunk, with the faults that registers have."""
    units = facts.chunk.units
    rows = np.flatnonzero(~units.unregistered)
    index = pa.array(rows)
    columns = {name: values.take(index) for name, values in _register_columns(facts).items()}
    unit = facts.identity.key.take(index)
    sheet = Sheet(facts.ledger, REGISTER, REGISTER_FILE, file.next_row, columns, unit)
    sheet.missing("unregistered", facts.identity.key.filter(pa.array(units.unregistered)))
    _spoil(facts, sheet, rows)
    file.write(sheet.table())


def _register_columns(facts: Facts) -> dict[str, pa.Array]:
    units, identity = facts.chunk.units, facts.identity
    draw = facts.draw("register")
    rules = facts.chunk.plan.rules
    individual = units.kind == INDIVIDUAL
    kind_of_register = draw.choice(len(REGISTRATION_TYPES), units.count, p=REGISTRATION_SHARES)
    types = chosen((*REGISTRATION_TYPES, SOLE_TRADER), np.where(individual, len(REGISTRATION_TYPES), kind_of_register))
    old = draw.random(units.count) < rules.structure["former_name"]
    in_register = draw.random(units.count) < rules.structure["code_in_register"]
    in_address_only = draw.random(units.count) < 1 - rules.structure["code_in_register"]
    started = _day(units.born, draw.integers(0, DAYS_OF_YEAR, units.count))
    ended = _day(units.died, draw.integers(0, DAYS_OF_YEAR, units.count))
    ended = np.maximum(ended, started + np.timedelta64(1, "D"))
    return dict(
        zip(
            REGISTER_COLUMNS,
            (
                identity.name,
                identity.code,
                chosen(KINDS, units.kind),
                identity.parent_code,
                identity.holder,
                kept(pc.replace_substring(identity.name, "样例", "样例老"), old),
                types,
                dates(started, np.ones(units.count, dtype=bool)),
                dates(ended, units.died != NEVER),
                kept(_capital(facts, draw), ~individual),
                _scopes(facts),
                kept(facts.industry(-1), in_register),
                kept(facts.subdistrict(-1), ~in_address_only),
                _addresses(facts, draw),
            ),
            strict=True,
        )
    )


def _day(year: Array, day: Array) -> Array:
    first = (np.minimum(year, LAST_YEAR + 1) - 1970).astype("datetime64[Y]")
    return first.astype("datetime64[D]") + np.minimum(day, DAYS_OF_YEAR - 1)


def _capital(facts: Facts, draw: np.random.Generator) -> pa.Array:
    """Registered capital in 万元: a round number near the revenue, in the forms that registers hold."""
    revenue = facts.chunk.accounts.revenue.max(axis=1) / FEN_OF_YUAN / WAN
    capital = np.clip(np.rint(revenue * draw.uniform(0.1, 1.0, len(revenue)) / 10) * 10, 0, 10**7).astype(np.int64)
    plain = numbers(capital)
    forms = [
        plain,
        joined(plain, "（万元）"),
        joined(with_thousands(plain), ".0000(万元人民币)"),
        joined(plain, "(万港币)"),
    ]
    common = facts.rate("unit_in_cell")
    form = draw.choice(len(forms), len(revenue), p=[1 - 2.2 * common, common, common, 0.2 * common])
    return pc.choose(pa.array(form), *forms)


def _scopes(facts: Facts) -> pa.Array:
    """Business scopes: an official phrase of the class first, where it has one, then phrases that anybody has."""
    classes, gbt = facts.chunk.plan.classes, facts.chunk.plan.catalogue.gbt.codes
    texts = []
    for code, phrases in zip(classes.codes.tolist(), classes.phrases, strict=True):
        own = phrases or (gbt[code].name_zh,)
        texts += ["；".join([own[turn % len(own)], *FOLLOWING[turn:]]) for turn in range(len(FOLLOWING))]
    turn = facts.chunk.units.number % len(FOLLOWING)
    written = chosen(texts, facts.chunk.units.klass[:, -1].astype(np.int64) * len(FOLLOWING) + turn)
    return pc.if_else(pa.array(facts.vague), pa.scalar(VAGUE), written)


def _addresses(facts: Facts, draw: np.random.Generator) -> pa.Array:
    """Addresses on roads that do not exist, in real subdistricts; those outside lie in Nanshan."""
    count = facts.chunk.units.count
    outside = facts.chunk.units.area[:, -1] == OUTSIDE
    district = pc.if_else(pa.array(outside), pa.scalar("南山区"), pa.scalar("福田区"))
    road, house, room = (
        draw.integers(0, len(ROADS), count),
        draw.integers(1, 200, count),
        draw.integers(101, 3000, count),
    )
    place = pc.fill_null(facts.subdistrict(-1), "")
    return joined(
        "深圳市",
        district,
        place,
        "样例",
        chosen(tuple(ROADS), road),
        "路",
        numbers(house),
        "号样例大厦",
        numbers(room),
        "室",
    )


def _spoil(facts: Facts, sheet: Sheet, rows: Array) -> None:
    draw = facts.draw("register faults")
    taxed = (facts.tax_revenue > 0).any(axis=1) & may_lose_code(facts)

    def some(fault: str, among: Array | None = None) -> Array:
        hit = draw.random(len(rows)) < facts.rate(fault)
        return hit if among is None else hit & among[rows]

    code = sheet.columns["统一社会信用代码"]
    sheet.spoil("invalid_code", "统一社会信用代码", some("invalid_code", taxed), wrong_codes(code))
    clean = pc.utf8_lower(sheet.columns["统一社会信用代码"])
    sheet.spoil("lower_case_code", "统一社会信用代码", some("full_width"), clean)
    for column, blank in (
        ("登记注册类型", "N/A"),
        ("注册资本(万元)", "0（万元）"),
        ("曾用名", "-"),
        ("注册资本(万元)", "无"),
    ):
        sheet.spoil("blank_like", column, some("blank_like"), blank)
    sheet.spoil("full_width", "注册资本(万元)", some("full_width"), full_width(sheet.columns["注册资本(万元)"]))
    written = sheet.columns["成立日期"]
    sheet.spoil("date_form", "成立日期", some("unit_in_cell"), pc.replace_substring(written, "-", "/"))
    chinese = pc.replace_substring_regex(written, r"^(\d+)-(\d+)-(\d+)$", r"\1年\2月\3日")
    sheet.spoil("date_form", "成立日期", some("unit_in_cell"), chinese)
    has_code = sheet.columns["统一社会信用代码"].is_valid().to_numpy(zero_copy_only=False)
    bare = {"经营范围": None, "行业代码": None, "街道": None, "曾用名": "-"}
    sheet.repeat("duplicate_row", np.flatnonzero(some("duplicate_row")))
    sheet.repeat("duplicate_unit", np.flatnonzero(some("duplicate_unit", taxed) & has_code), bare)
    few = np.flatnonzero(some("bad_row"))
    _repeat_mistyped(facts, sheet, rows, taxed[rows] & has_code, bare)
    sheet.repeat("no_name_or_code", few, {"单位名称": None, "统一社会信用代码": None})


def _repeat_mistyped(facts: Facts, sheet: Sheet, rows: Array, among: Array, bare: dict[str, Any]) -> None:
    """A second row of some units without the code and in a mistyped name: only likeness tells that it is one."""
    draw = facts.draw("register mistyped duplicates")
    again = np.flatnonzero((draw.random(len(rows)) < facts.rate("lost_identity")) & among)
    first = sheet.count
    sheet.repeat("duplicate_unit", again, bare)
    copies = np.arange(sheet.count) >= first
    names = mistyped(sheet.columns["单位名称"], draw.integers(0, MANNERS, sheet.count))
    sheet.spoil("lost_identity", "统一社会信用代码", copies, None)
    sheet.spoil("lost_identity", "单位名称", copies, names)


def wrong_codes(codes: pa.Array) -> pa.Array:
    """Codes with a wrong check character: 0 in place of it, or 1 where it is 0."""
    ends = pc.utf8_slice_codeunits(codes, 17, 18)
    wrong = pc.if_else(pc.equal(ends, CODE_LETTERS_WRONG), "1", CODE_LETTERS_WRONG)
    return joined(pc.utf8_slice_codeunits(codes, 0, 17), wrong)


def deliver_frame(facts: Facts, file: CsvFile) -> None:
    """Write the above-scale list of a chunk: one row a unit, from its entry to its exit."""
    members, units = facts.chunk.members, facts.chunk.units
    rows = np.flatnonzero(members.member.any(axis=1))
    index = pa.array(rows)
    name, code = named(facts, rows)
    entry, leaves, left = _intervals(facts, rows)
    settled = (units.klass == units.klass[:, :1]).all(axis=1)
    columns = dict(
        zip(
            FRAME_COLUMNS,
            (
                name,
                code,
                kept(facts.industry(-1), settled).take(index),
                entry,
                kept(leaves, left),
                facts.subdistrict(-1).take(index),
            ),
            strict=True,
        )
    )
    sheet = Sheet(
        facts.ledger,
        FRAME,
        FRAME,
        file.next_row + ROWS_ABOVE_FRAME - 2,
        columns,
        facts.identity.key.take(pa.array(rows)),
    )
    sheet.missing("missing_from_frame", facts.identity.key.filter(pa.array(members.missing)), LAST_YEAR)
    file.write(sheet.table())


def _intervals(facts: Facts, rows: Array) -> tuple[pa.Array, pa.Array, Array]:
    """Entry and exit dates, and who has left by the end of the last year."""
    member = facts.chunk.members.member[rows]
    first = YEARS[np.argmax(member, axis=1)]
    last = YEARS[len(YEARS) - 1 - np.argmax(member[:, ::-1], axis=1)]
    before = facts.draw("frame").integers(0, int(facts.chunk.plan.rules.frame["frame_years_before"]), len(rows))
    born = facts.chunk.units.born[rows]
    start = np.where(first == FIRST_YEAR, np.minimum(np.maximum(first - before, born + 1), first), first)
    return joined(numbers(start), "-01-01"), joined(numbers(last), "-12-31"), last < LAST_YEAR


def finish_frame(folder: Path, rows: int, most_rows: int) -> str:
    """Turn the list into a spreadsheet with two head rows where it is short enough; return the file's name."""
    path = folder / f"{FRAME}.csv"
    if rows > most_rows:
        return path.name
    options = pyarrow.csv.ConvertOptions(
        column_types=dict.fromkeys(FRAME_COLUMNS, pa.string()), strings_can_be_null=True
    )
    table = pyarrow.csv.read_csv(path, convert_options=options)
    write_xlsx(folder / f"{FRAME}.xlsx", FRAME_HEADS, table)
    path.unlink()
    return f"{FRAME}.xlsx"
