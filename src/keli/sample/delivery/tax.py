"""The tax list: taxed revenue of every unit that earns, a file a year, each as another office exports it."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from keli.sample.delivery.dirt import Sheet
from keli.sample.delivery.facts import Facts, lose_identity, may_lose_code, misspelt, named
from keli.sample.delivery.files import CsvFile
from keli.sample.delivery.register import wrong_codes
from keli.sample.delivery.text import amounts, full_width, numbers, with_thousands
from keli.sample.truth.conventions import FIRST_YEAR

Array = npt.NDArray[Any]

TAX = "tax"
TAX_COLUMNS = ("纳税人名称", "纳税人识别号", "年份", "应税销售收入", "行业代码", "街道", "从业人数")
# Year -> file and encoding: GB18030 as older systems export, a byte-order mark as spreadsheets do, compressed.
TAX_FILES = {
    2017: ("tax_2017.csv", "utf-8"),
    2018: ("tax_2018.csv", "gb18030"),
    2019: ("tax_2019.csv", "utf-8-sig"),
    2020: ("tax_2020.csv.gz", "utf-8"),
    2021: ("tax_2021.csv", "utf-8"),
}


def deliver_tax(facts: Facts, year: int, file: CsvFile) -> None:
    """Write the tax list of one year for a chunk."""
    at = year - FIRST_YEAR
    rows = np.flatnonzero(facts.tax_revenue[:, at] > 0)
    index = pa.array(rows)
    name, code = named(facts, rows)
    columns = dict(
        zip(
            TAX_COLUMNS,
            (
                name,
                code,
                pa.repeat(str(year), len(rows)),
                amounts(facts.tax_revenue[rows, at]),
                facts.industry(at).take(index),
                facts.subdistrict(at).take(index),
                numbers(facts.employees[rows, at]),
            ),
            strict=True,
        )
    )
    sheet = Sheet(facts.ledger, TAX, TAX_FILES[year][0], file.next_row, columns, facts.identity.key.take(index), year)
    _spoil(facts, sheet, rows, year)
    file.write(sheet.table())


def _spoil(facts: Facts, sheet: Sheet, rows: Array, year: int) -> None:
    draw = facts.draw(f"tax faults {year}")
    alone = may_lose_code(facts)[rows]
    point = draw.random(len(rows))
    lost = point < facts.rate("missing_code")
    wrong = ~lost & (point < facts.rate("missing_code") + facts.rate("invalid_code"))
    bad_name = ~lost & ~wrong & (draw.random(len(rows)) < facts.rate("misspelt_name")) & facts.spoilable[rows]
    has_code = sheet.columns["纳税人识别号"].is_valid().to_numpy(zero_copy_only=False)
    sheet.spoil("missing_code", "纳税人识别号", lost & alone, None)
    sheet.spoil("invalid_code", "纳税人识别号", wrong & alone, wrong_codes(sheet.columns["纳税人识别号"]))
    sheet.spoil("misspelt_name", "纳税人名称", bad_name & has_code, misspelt(sheet.columns["纳税人名称"]))
    lose_identity(facts, sheet, f"tax {year}", ("纳税人识别号", "纳税人名称"), alone & ~lost & ~wrong & ~bad_name)
    blank = draw.random(len(rows)) < facts.rate("blank_like")
    sheet.spoil("blank_like", "从业人数", blank, "—")
    form = draw.random(len(rows))
    revenue = sheet.columns["应税销售收入"]
    sheet.spoil("full_width", "应税销售收入", form < facts.rate("full_width"), full_width(revenue))
    sheet.spoil("thousands", "应税销售收入", form > 1 - facts.rate("full_width"), with_thousands(revenue))
    few = np.flatnonzero(draw.random(len(rows)) < facts.rate("bad_row"))
    sheet.repeat("not_a_number", few, {"应税销售收入": "见附件"})
    sheet.repeat("duplicate_row", np.flatnonzero(draw.random(len(rows)) < facts.rate("duplicate_row")))
