# ruff: noqa: E501  (statements and queries read better unbroken)
"""The scan of the needed columns, and the account written by hand in DuckDB's SQL (peer of the stage `account`).

The peer is told what the stage works out on small tables (rates and coefficients, as the stage wrote them); it does all the
unit-level work itself: sums for the rates, accounts, splits, leaves; and it writes unit_account and unit_split as the
stage does.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from keli.engine.vault import PARQUET
from keli.line.account.digital.classes import core_classes
from keli.model.catalogue import load_catalogue

ITEMS = ("payroll", "taxes_surcharges", "vat_payable", "depreciation", "operating_profit", "asset_impairment",
         "credit_impairment", "fair_value_gain", "investment_income", "hedging_gain", "asset_disposal_gain",
         "other_income")  # fmt: skip
NEEDED = {
    "unit_period": "unit_id period in_district area consolidated covered_by_parent registered has_return holder_id "
    "ownership in_frame in_frame_previous in_frame_next",
    "unit_activity": "unit_id period gbt_code size_class",
    "returns": "unit_id period consolidated revenue " + " ".join(ITEMS),
    "revenue_bases": "unit_id period quarters quarterly_revenue taxable_revenue",
    "split_evidence": "unit_id period activity share design",
}


def scan_columns(folder: Path, engine: Any) -> None:
    """Read every needed column once: numbers and truth values are summed, texts measured."""
    for table, names in NEEDED.items():
        path = folder / f"{table}.parquet"
        kinds = dict(engine.raw_sql(f"SELECT column_name, column_type FROM (DESCRIBE FROM '{path}')").fetchall())
        sums = (
            f"sum(strlen({name}))" if kinds[name] == "VARCHAR" else f"sum({name}::HUGEINT)" if kinds[name] == "BIGINT"
            else f"sum({name}::INT)" if kinds[name] == "BOOLEAN" else f"sum({name})"
            for name in names.split()
        )  # fmt: skip
        engine.raw_sql(f"SELECT {', '.join(sums)} FROM '{path}'").fetchall()


# The same way of writing as the vault's: compression and dictionaries cost both alike.
_PARQUET = ", ".join(f"{name} {value}" for name, value in PARQUET.items())
_OS = "operating_profit + {}".format(
    " + ".join(
        f"{sign} * coalesce({name}, 0)"
        for sign, name in ((1, "asset_impairment"), (1, "credit_impairment"), (-1, "fair_value_gain"),
                           (-1, "investment_income"), (-1, "hedging_gain"), (-1, "asset_disposal_gain"))
    )
)  # fmt: skip
_REPORTING = f"""
CREATE TEMP TABLE reporting AS
SELECT p.unit_id, p.period, a.gbt_code, r.revenue, payroll AS ce, taxes_surcharges + vat_payable - coalesce(other_income, 0) AS ntp,
  depreciation AS cfc, {_OS} AS os, in_district AND NOT covered_by_parent AND NOT p.consolidated AND revenue > 0 AS forms_rates
FROM '{{f}}/returns.parquet' r JOIN '{{f}}/unit_period.parquet' p ON (p.unit_id, p.period, p.consolidated) = (r.unit_id, r.period, r.consolidated)
LEFT JOIN '{{f}}/unit_activity.parquet' a ON (p.unit_id, p.period) = (a.unit_id, a.period) WHERE p.in_district"""
_SUMS = """
SELECT period, gbt_code, count(*), sum(revenue), sum(v), sum(v * v), sum(v * revenue), sum(revenue * revenue), sum(ce), sum(ntp), sum(cfc)
FROM (SELECT *, (ce + ntp + cfc + os)::DECIMAL(18,2) AS v FROM reporting WHERE forms_rates) WHERE v IS NOT NULL GROUP BY ALL"""
_ACCOUNT = """
COPY (
WITH r AS (
  SELECT r.unit_id, r.period, r.revenue, r.ce, r.ntp, r.os, r.cfc IS NULL AS blank,
    coalesce(r.cfc, round(r.revenue::DOUBLE * q.depreciation_rate, 2)::DECIMAL(18,2)) AS cfc
  FROM reporting r LEFT JOIN rates q ON (q.period, q.gbt_code) = (r.period, coalesce(r.gbt_code, '_N'))),
j AS (
  SELECT p.unit_id, p.period, in_district, consolidated, registered, has_return, area, a.gbt_code, size_class, ownership, holder_id,
    in_frame AND in_frame_previous AS matched_previous, in_frame AND in_frame_next AS matched_next, covered_by_parent AS covered,
    r.unit_id IS NOT NULL AS usable, blank, r.ce, r.ntp, r.cfc, (r.ce + r.ntp + r.cfc + r.os)::DECIMAL(18,2) AS va,
    coalesce(r.revenue, CASE WHEN quarters = 4 THEN quarterly_revenue END, b.taxable_revenue) AS revenue,
    value_added_rate, compensation_ratio, net_taxes_ratio, depreciation_ratio,
    a.gbt_code IN (SELECT gbt_code FROM missing WHERE missing.period = p.period) AND o.unit_id IS NULL AS unsplit
  FROM '{f}/unit_period.parquet' p
  LEFT JOIN '{f}/unit_activity.parquet' a ON (p.unit_id, p.period) = (a.unit_id, a.period)
  LEFT JOIN '{f}/revenue_bases.parquet' b ON (p.unit_id, p.period) = (b.unit_id, b.period)
  LEFT JOIN r ON (p.unit_id, p.period) = (r.unit_id, r.period)
  LEFT JOIN own o ON (p.unit_id, p.period) = (o.unit_id, o.period)
  LEFT JOIN rates q ON (q.period, q.gbt_code) = (p.period, coalesce(a.gbt_code, '_N'))
  WHERE in_district),
e AS (SELECT *, CASE WHEN covered THEN 'covered' WHEN va IS NOT NULL AND NOT blank THEN 'reported' WHEN va IS NOT NULL THEN 'imputed'
    WHEN usable THEN 'partial' WHEN revenue IS NULL THEN 'no_basis' WHEN value_added_rate IS NULL THEN 'partial' ELSE 'estimated' END AS b0 FROM j)
SELECT unit_id, period, in_district, consolidated, registered, has_return, area, gbt_code, size_class, ownership, holder_id,
  matched_previous, matched_next, CASE WHEN unsplit AND b0 IN ('reported', 'imputed', 'estimated') THEN 'partial' ELSE b0 END AS basis, revenue,
  CASE WHEN b0 = 'estimated' THEN round(revenue::DOUBLE * compensation_ratio, 2)::DECIMAL(18,2) WHEN NOT covered THEN ce END AS compensation,
  CASE WHEN b0 = 'estimated' THEN round(revenue::DOUBLE * net_taxes_ratio, 2)::DECIMAL(18,2) WHEN NOT covered THEN ntp END AS net_taxes,
  CASE WHEN b0 = 'estimated' THEN round(revenue::DOUBLE * depreciation_ratio, 2)::DECIMAL(18,2) WHEN NOT covered THEN cfc END AS depreciation,
  CASE WHEN b0 = 'estimated' THEN round(revenue::DOUBLE * value_added_rate, 2)::DECIMAL(18,2) WHEN NOT covered THEN va END AS value_added
FROM e) TO '{f}/sql_account.parquet' ({written})"""
_DIMENSIONS = ("period, area, activity, gbt_code, size_class, ownership, basis, split_evidence, matched_previous, "
               "matched_next")  # fmt: skip
_VALUED = "FROM '{f}/sql_account.parquet' a JOIN classes c USING (gbt_code) WHERE basis IN ('reported', 'imputed', 'estimated')"
_SPLIT = f"""
COPY (
WITH a AS (
  SELECT a.*, activity, slot, several, starred FROM '{{f}}/sql_account.parquet' a JOIN classes c USING (gbt_code)
  WHERE basis IN ('reported', 'imputed', 'estimated')),
s AS (
  SELECT a.*, coalesce(own_tier, tier) AS split_evidence,
    CASE WHEN own_tier IS NULL THEN k1 ELSE o1 END AS s1, CASE WHEN own_tier IS NULL THEN k2 ELSE o2 END AS s2,
    CASE WHEN own_tier IS NULL THEN k3 ELSE o3 END AS s3
  FROM a LEFT JOIN own o ON (a.unit_id, a.period) = (o.unit_id, o.period)
  LEFT JOIN coefficients k ON (a.period, a.gbt_code) = (k.period, k.gbt_code) WHERE starred),
p AS (
  SELECT unit_id, holder_id, {_DIMENSIONS}, 1.0 AS share, {{whole}} FROM (SELECT *, 'full' AS split_evidence FROM a WHERE NOT starred)
  UNION ALL SELECT unit_id, holder_id, {_DIMENSIONS}, [s1, s2, s3][slot] AS share, {{parts}} FROM s)
SELECT *, (value_added - compensation - net_taxes - depreciation)::DECIMAL(18,2) AS surplus FROM p
) TO '{{f}}/sql_split.parquet' ({{written}})"""
_PART = """CASE WHEN NOT several THEN round(floor({m}::DOUBLE * 100 * s1 + 0.5) / 100, 2)::DECIMAL(18,2)
  ELSE round(largest_remainder(floor({m}::DOUBLE * 100 + 0.5), s1, s2, s3, slot) / 100, 2)::DECIMAL(18,2) END AS {m}"""
_MACROS = """
CREATE TEMP MACRO served(q1, q2, q3, q0, slot) AS
  floor([q1, q2, q3][slot]) + (CASE slot
    WHEN 1 THEN (q2 - floor(q2) > q1 - floor(q1))::INT + (q3 - floor(q3) > q1 - floor(q1))::INT + (q0 - floor(q0) > q1 - floor(q1))::INT
    WHEN 2 THEN (q1 - floor(q1) >= q2 - floor(q2))::INT + (q3 - floor(q3) > q2 - floor(q2))::INT + (q0 - floor(q0) > q2 - floor(q2))::INT
    ELSE (q1 - floor(q1) >= q3 - floor(q3))::INT + (q2 - floor(q2) >= q3 - floor(q3))::INT + (q0 - floor(q0) > q3 - floor(q3))::INT END
    < floor(0.5 + (q1 - floor(q1)) + (q2 - floor(q2)) + (q3 - floor(q3)) + (q0 - floor(q0))))::INT;
CREATE TEMP MACRO largest_remainder(c, s1, s2, s3, slot) AS served(c * s1, c * s2, c * s3, c - c * s1 - c * s2 - c * s3, slot)"""
_SEVERAL = """
CREATE TEMP TABLE several AS
WITH s AS (FROM '{f}/sql_split.parquet' WHERE share > 0),
c AS (FROM s WHERE gbt_code IN (SELECT gbt_code FROM classes WHERE several) OR holder_id IN (SELECT holder_id FROM s WHERE holder_id <> unit_id))
SELECT period, holder_id FROM c GROUP BY ALL HAVING count(*) > 1"""
_MEASURES = {"VA": "value_added", "CE": "compensation", "NTP": "net_taxes", "CFC": "depreciation", "OS": "surplus"}


def leaves_by_sql(folder: Path, engine: Any) -> Path:
    """The account by hand, its three tables written."""
    _small_tables(folder, engine)
    engine.raw_sql(_REPORTING.format(f=folder))
    engine.raw_sql(_SUMS).fetchall()
    engine.raw_sql(_ACCOUNT.format(f=folder, written=_PARQUET))
    for macro in _MACROS.split(";"):
        engine.raw_sql(macro)
    rated = ("compensation", "net_taxes", "depreciation", "value_added")
    parts = ", ".join(_PART.format(m=m) for m in rated)
    engine.raw_sql(_SPLIT.format(f=folder, whole=", ".join(rated), parts=parts, written=_PARQUET))
    engine.raw_sql(_SEVERAL.format(f=folder))
    figures = ", ".join(
        f"sum({column}) AS {m}_value, sum(abs({column})) AS {m}_absolute, count({lone}) AS {m}_units, max({lone}, 2) AS {m}_top"
        for m, column in _MEASURES.items()
        for lone in [f"CASE WHEN h.holder_id IS NULL AND {column} <> 0 THEN abs({column}) END"]
    )
    engine.raw_sql(
        f"CREATE TEMP TABLE wide AS SELECT {_DIMENSIONS}, {figures} FROM '{folder}/sql_split.parquet' "
        f"LEFT JOIN several h USING (period, holder_id) GROUP BY ALL"
    )
    long = " UNION ALL ".join(
        f"SELECT {_DIMENSIONS}, '{m}' AS measure, {m}_value AS value, {m}_absolute AS absolute, {m}_units AS units, "
        f"{m}_top[1] AS x1, {m}_top[2] AS x2 FROM wide" for m in _MEASURES
    )  # fmt: skip
    path = folder / "sql_leaves.parquet"
    engine.raw_sql(f"COPY (SELECT * FROM ({long}) ORDER BY ALL) TO '{path}' ({_PARQUET})")
    return path


def _small_tables(folder: Path, engine: Any) -> None:
    """What the stage works out on small tables: classes, rates, coefficients; own shares of the year."""
    classes = core_classes(load_catalogue())
    rows = [(code, activity, slot, len(some) > 1, code in classes.starred)
            for code, some in classes.activities.items() for slot, activity in enumerate(some, 1)]  # fmt: skip
    engine.raw_sql(
        "CREATE TEMP TABLE classes (gbt_code VARCHAR, activity VARCHAR, slot INT, several BOOL, starred BOOL)"
    )
    engine.con.executemany("INSERT INTO classes VALUES (?, ?, ?, ?, ?)", rows)
    engine.raw_sql(f"CREATE TEMP TABLE rates AS FROM '{folder}/rates.parquet'")
    pivot = "coalesce(max({v}) FILTER (slot = {n}), 0.0) AS {a}{n}"
    wide = ", ".join(pivot.format(v="k.share", n=n, a="k") for n in (1, 2, 3))
    engine.raw_sql(
        f"CREATE TEMP TABLE coefficients AS SELECT k.period, k.gbt_code, any_value(tier) AS tier, {wide} "
        f"FROM '{folder}/split_coefficients.parquet' k JOIN classes USING (gbt_code, activity) GROUP BY ALL"
    )
    wide = ", ".join(pivot.format(v="e.share", n=n, a="o") for n in (1, 2, 3))
    engine.raw_sql(
        f"CREATE TEMP TABLE own AS SELECT e.unit_id, e.period, any_value(tier) AS own_tier, {wide} "
        f"FROM '{folder}/split_evidence.parquet' e JOIN '{folder}/unit_activity.parquet' a "
        "ON (e.unit_id, e.period) = (a.unit_id, a.period) JOIN classes c ON (c.gbt_code, c.activity) = (a.gbt_code, e.activity) "
        "GROUP BY ALL"
    )
    engine.raw_sql(
        "CREATE TEMP TABLE missing AS SELECT period, gbt_code FROM (SELECT DISTINCT c.gbt_code, r.period "
        "FROM classes c, rates r WHERE c.starred) ANTI JOIN coefficients USING (period, gbt_code)"
    )
