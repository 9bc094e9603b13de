# ruff: noqa: E501  (statements and queries read better unbroken)
"""Synthetic unit tables for benchmarks/account.py, laid out as the vault's tables (SYNTHETIC, no real unit)."""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

from keli.line.account.digital.classes import core_classes
from keli.model.catalogue import load_catalogue

# Shares of the synthetic population, chosen to resemble a register: 40 % core, 5 % with returns, 75 % with a tax base.
_PERIOD = """
SELECT unit_id, period::INT AS period, h % 100 < 97 AS in_district,
  CASE WHEN h % 100 < 97 THEN '4403040' || lpad((1 + h // 100 % 10)::VARCHAR, 2, '0') ELSE 'outside' END AS area,
  'legal_seat' AS area_basis, 'legal' AS unit_type, h // 7 % 50 > 0 AS registered, false AS consolidated,
  h // 11 % 200 = 0 AS covered_by_parent, NULL::BIGINT AS parent_id,
  CASE WHEN h // 13 % 50 = 0 THEN hash(i // 40) % 1152921504606846976 ELSE unit_id END::BIGINT AS holder_id,
  CASE WHEN h // 17 % 10 < 8 THEN 'private' ELSE ['state', 'foreign', 'hmt', '_U'][1 + h // 29 % 4] END AS ownership, 'active' AS status,
  false AS born, false AS died, false AS moved_in, false AS moved_out, false AS moved_within,
  reports AS in_frame, reports AND h // 19 % 10 > 0 AS in_frame_previous, reports AND h // 23 % 10 > 0 AS in_frame_next,
  reports AS has_return
FROM units"""
_ACTIVITY = """
SELECT unit_id, period::INT AS period, CASE WHEN h // 31 % 100 < 40 THEN core[1 + h // 37 % len(core)]
  WHEN h // 31 % 100 < 98 THEN other[1 + h // 37 % len(other)] END AS gbt_code, 'register' AS origin,
  0.8 AS confidence, h // 31 % 100 < 40 AS core, coalesce(list_contains(star, gbt_code), false) AS starred,
  false AS recoded, CASE WHEN h // 41 % 10 < 7 THEN 'MI' ELSE ['L', 'M', 'S', '_U'][1 + h // 71 % 4] END AS size_class
FROM units, codes"""
_RETURNS = """
WITH r AS (SELECT *, (exp(9 + 6 * (h / 1125899906842624.0)))::DECIMAL(18,2) AS revenue FROM units WHERE reports)
SELECT unit_id, period::INT AS period, 'annual' AS source, 'annual.csv' AS file, i AS row, false AS consolidated,
  NULL::VARCHAR AS gbt_code, NULL::VARCHAR AS subdistrict, NULL::VARCHAR AS address, 50.0 AS employees, revenue,
  revenue AS assets, (revenue * 0.2)::DECIMAL(18,2) AS payroll, (revenue * 0.01)::DECIMAL(18,2) AS taxes_surcharges,
  (revenue * 0.03)::DECIMAL(18,2) AS vat_payable,
  CASE WHEN h // 47 % 20 > 0 THEN (revenue * 0.05)::DECIMAL(18,2) END AS depreciation,
  (revenue * (h // 53 % 40 - 10) / 100.0)::DECIMAL(18,2) AS operating_profit, {blank}
FROM r"""
_BLANK = ("asset_impairment", "credit_impairment", "fair_value_gain", "investment_income", "hedging_gain",
          "asset_disposal_gain", "other_income", "interest_net")  # fmt: skip
_BASES = """
SELECT unit_id, period::INT AS period, CASE WHEN h // 59 % 20 = 0 THEN 4 ELSE 0 END AS quarters,
  CASE WHEN h // 59 % 20 = 0 THEN (exp(8 + 5 * (h / 1125899906842624.0)))::DECIMAL(18,2) END AS quarterly_revenue,
  (exp(7 + 6 * (h / 1125899906842624.0)))::DECIMAL(18,2) AS taxable_revenue,
  NULL::VARCHAR AS gbt_code, NULL::VARCHAR AS subdistrict, NULL::DOUBLE AS employees
FROM units WHERE h // 61 % 100 < 75"""
_EVIDENCE = """
WITH visited AS (SELECT unit_id, period, h, activity FROM activity JOIN units USING (unit_id, period)
  JOIN starred ON gbt_code = code WHERE in_sample)
SELECT row_number() OVER (ORDER BY period, unit_id, activity) AS evidence_id, unit_id, NULL::VARCHAR AS gbt_code,
  activity, period, 'visited' AS tier, CASE WHEN h % 2 = 0 THEN 'take_all' ELSE 'probability' END AS design, 20.0 AS weight,
  (h // 67 % 34) / 100.0 AS share, NULL::DECIMAL(18,2) AS digital_revenue, 1000.0::DECIMAL(18,2) AS revenue,
  NULL::DATE AS evidence_date, NULL::VARCHAR AS reference FROM visited"""


def write_units(units: int, folder: Path) -> None:
    """Write the tables before the account, two years each, rows in the order of no column.

    `accounted_units` is made of the others as the stage classify makes it, by `account_ways.py join`.

    Args:
        units: Number of units.
        folder: Where they go, as Parquet.
    """
    catalogue = load_catalogue()
    classes = core_classes(catalogue)
    core, star = sorted(classes.activities), sorted(classes.starred)
    other = [code.code for code in catalogue.gbt.at_level("class") if code.code not in classes.activities]
    engine = duckdb.connect()
    engine.execute("SET threads = 2; SET memory_limit = '4GiB'; SET preserve_insertion_order = false")
    engine.execute("SET temp_directory = ?", [str(folder)])
    engine.execute(
        "CREATE VIEW units AS SELECT i, period, (hash(i) % 1152921504606846976)::BIGINT AS unit_id, "
        "(hash(i, period) % 1125899906842624)::BIGINT AS h, hash(i) // 71 % 20 = 0 AS reports, "
        f"hash(i) // 73 % 10 = 0 AS in_sample FROM range({units}) r(i), (VALUES (2020), (2021)) y(period)"
    )
    engine.execute("CREATE TABLE codes AS SELECT ?::VARCHAR[] AS core, ?::VARCHAR[] AS other, ?::VARCHAR[] AS star",
                   [core, other, star])  # fmt: skip
    engine.execute("CREATE TABLE starred (code VARCHAR, activity VARCHAR)")
    pairs = [(code, activity) for code in star for activity in classes.activities[code]]
    engine.executemany("INSERT INTO starred VALUES (?, ?)", pairs)
    blank = ", ".join(f"NULL::DECIMAL(18,2) AS {name}" for name in _BLANK)
    tables = {"unit_period": _PERIOD, "unit_activity": _ACTIVITY, "returns": _RETURNS.format(blank=blank),
              "revenue_bases": _BASES}  # fmt: skip
    for name, query in tables.items():
        engine.execute(f"COPY ({query}) TO '{folder / name}.parquet' (COMPRESSION zstd)")
    engine.execute(f"CREATE VIEW activity AS FROM '{folder / 'unit_activity'}.parquet'")
    engine.execute(f"COPY ({_EVIDENCE}) TO '{folder / 'split_evidence'}.parquet' (COMPRESSION zstd)")


if __name__ == "__main__":
    write_units(int(sys.argv[1]), Path(sys.argv[2]))
