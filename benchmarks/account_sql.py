# ruff: noqa: E501  (statements and queries read better unbroken)
"""The scan of the needed columns, and the account written by hand in DuckDB's SQL (peer of the stage `account`).

The peer is told what the stage works out on small tables (rates and coefficients, as the stage wrote them); it does all the
unit-level work itself, in as few passes as the stage: sums for the rates, accounts and splits, leaves, contributors, bases
of the variance, counts, moves of judged shares, products over two years.
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
    "accounted_units": "unit_id period in_district consolidated registered covered has_return area gbt_code core starred "
    "size_class ownership holder_id grouped matched_previous matched_next quarters_revenue taxable_revenue return_revenue "
    + " ".join(ITEMS),
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


def group_columns(folder: Path, engine: Any) -> None:
    """Group the items as they stand by the leaf, sums and two largest: no valuing, no splitting, no holders, nothing written.

    It tells what no account can be faster than: grouping is all that it has in common with the account.
    """
    names = ("payroll", "taxes_surcharges", "depreciation", "operating_profit", "return_revenue")
    figures = ", ".join(f"sum({c}), sum(abs({c})), count(nullif({c}, 0)), max(nullif(abs({c}), 0), 2)" for c in names)
    engine.raw_sql(
        f"SELECT period, area, gbt_code, size_class, ownership, has_return, matched_previous, matched_next, {figures} "
        f"FROM '{folder}/accounted_units.parquet' WHERE core AND in_district AND NOT consolidated GROUP BY ALL"
    ).fetchall()


# The same way of writing as the vault's: compression and dictionaries cost both alike.
_PARQUET = ", ".join(f"{name} {value}" for name, value in PARQUET.items())
_NTP = "taxes_surcharges + vat_payable - coalesce(other_income, 0)"
_OS = "operating_profit + {}".format(
    " + ".join(
        f"{sign} * coalesce({name}, 0)"
        for sign, name in ((1, "asset_impairment"), (1, "credit_impairment"), (-1, "fair_value_gain"),
                           (-1, "investment_income"), (-1, "hedging_gain"), (-1, "asset_disposal_gain"))
    )
)  # fmt: skip
_SUMS = f"""
SELECT period, gbt_code, count(*), sum(revenue), sum(v), sum(v::DECIMAL(38,2) * v), sum(v::DECIMAL(38,2) * revenue), sum(revenue::DECIMAL(38,2) * revenue), sum(ce), sum(ntp), sum(cfc)
FROM (SELECT *, (ce + ntp + cfc + os)::DECIMAL(18,2) AS v FROM (
  SELECT period, gbt_code, return_revenue AS revenue, payroll AS ce, {_NTP} AS ntp, depreciation AS cfc, {_OS} AS os
  FROM units WHERE return_revenue > 0 AND in_district AND NOT consolidated AND NOT covered)) WHERE v IS NOT NULL GROUP BY ALL"""
_ACCOUNTS = f"""
CREATE TEMP VIEW accounts AS
WITH r AS (
  SELECT u.*, coalesce(return_revenue, quarters_revenue, taxable_revenue) AS revenue, value_added_rate, compensation_ratio, net_taxes_ratio, depreciation_ratio, depreciation_rate,
    (coalesce(payroll, taxes_surcharges, vat_payable, u.depreciation, operating_profit, return_revenue)) IS NOT NULL AS usable,
    payroll IS NOT NULL AND taxes_surcharges IS NOT NULL AND vat_payable IS NOT NULL AND operating_profit IS NOT NULL AS most,
    u.gbt_code IN (SELECT gbt_code FROM missing WHERE missing.period = u.period) AND (u.unit_id, u.period) NOT IN (SELECT (unit_id, period) FROM own) AS unsplit
  FROM units u LEFT JOIN rates q ON (q.period, q.gbt_code) = (u.period, coalesce(u.gbt_code, '_N'))),
b AS (
  SELECT *, CASE WHEN covered THEN 'covered' WHEN most AND depreciation IS NOT NULL THEN 'reported'
    WHEN most AND revenue IS NOT NULL AND depreciation_rate IS NOT NULL THEN 'imputed' WHEN usable THEN 'partial'
    WHEN revenue IS NULL THEN 'no_basis' WHEN value_added_rate IS NULL THEN 'partial' ELSE 'estimated' END AS b0 FROM r)
SELECT * EXCLUDE (depreciation), CASE WHEN unsplit AND b0 IN ('reported', 'imputed', 'estimated') THEN 'partial' ELSE b0 END AS basis,
  CASE b0 WHEN 'estimated' THEN round(revenue::DOUBLE * compensation_ratio, 2)::DECIMAL(18,2) ELSE payroll END AS compensation,
  CASE b0 WHEN 'estimated' THEN round(revenue::DOUBLE * net_taxes_ratio, 2)::DECIMAL(18,2) ELSE ({_NTP})::DECIMAL(18,2) END AS net_taxes,
  CASE b0 WHEN 'estimated' THEN round(revenue::DOUBLE * depreciation_ratio, 2)::DECIMAL(18,2)
    ELSE coalesce(depreciation, round(revenue::DOUBLE * depreciation_rate, 2)::DECIMAL(18,2)) END AS depreciation,
  CASE b0 WHEN 'estimated' THEN round(revenue::DOUBLE * value_added_rate, 2)::DECIMAL(18,2)
    ELSE (payroll + {_NTP} + coalesce(depreciation, round(revenue::DOUBLE * depreciation_rate, 2)::DECIMAL(18,2)) + {_OS})::DECIMAL(18,2) END AS value_added
FROM b"""
_DIMENSIONS = ("period, area, activity, gbt_code, size_class, ownership, basis, split_evidence, matched_previous, "
               "matched_next")  # fmt: skip
_SPLITS = """
CREATE TEMP VIEW splits AS
WITH s AS (
  SELECT a.*, activity, slot, several, own_tier, own_design, CASE WHEN starred THEN coalesce(own_tier, tier) ELSE 'full' END AS split_evidence,
    starred AND (own_tier IS NULL OR (own_design = 'probability' AND tier = 'sample')) AS remainder,
    CASE WHEN NOT starred THEN 1.0 WHEN own_tier IS NULL THEN k1 ELSE o1 END AS s1,
    CASE WHEN own_tier IS NULL THEN k2 ELSE o2 END AS s2, CASE WHEN own_tier IS NULL THEN k3 ELSE o3 END AS s3
  FROM accounts a JOIN classes c USING (gbt_code) LEFT JOIN own o ON (a.unit_id, a.period) = (o.unit_id, o.period)
  LEFT JOIN coefficients k ON (a.period, a.gbt_code) = (k.period, k.gbt_code)
  WHERE in_district AND NOT consolidated AND basis IN ('reported', 'imputed', 'estimated')),
p AS (
  SELECT * REPLACE ({single}), s1 AS share, value_added AS unit_value_added FROM s WHERE NOT several
  UNION ALL BY NAME SELECT * REPLACE ({several}), [s1, s2, s3][slot] AS share, value_added AS unit_value_added FROM s WHERE several)
SELECT *, (value_added - compensation - net_taxes - depreciation)::DECIMAL(18,2) AS surplus FROM p"""
_SINGLE = (
    "CASE WHEN NOT starred THEN {m} ELSE round(floor({m}::DOUBLE * 100 * s1 + 0.5) / 100, 2)::DECIMAL(18,2) END AS {m}"
)
_SEVERAL = "round(largest_remainder(floor({m}::DOUBLE * 100 + 0.5), s1, s2, s3, slot) / 100, 2)::DECIMAL(18,2) AS {m}"
_MACROS = """
CREATE TEMP MACRO served(q1, q2, q3, q0, slot) AS
  floor([q1, q2, q3][slot]) + (CASE slot
    WHEN 1 THEN (q2 - floor(q2) > q1 - floor(q1))::INT + (q3 - floor(q3) > q1 - floor(q1))::INT + (q0 - floor(q0) > q1 - floor(q1))::INT
    WHEN 2 THEN (q1 - floor(q1) >= q2 - floor(q2))::INT + (q3 - floor(q3) > q2 - floor(q2))::INT + (q0 - floor(q0) > q2 - floor(q2))::INT
    ELSE (q1 - floor(q1) >= q3 - floor(q3))::INT + (q2 - floor(q2) >= q3 - floor(q3))::INT + (q0 - floor(q0) > q3 - floor(q3))::INT END
    < floor(0.5 + (q1 - floor(q1)) + (q2 - floor(q2)) + (q3 - floor(q3)) + (q0 - floor(q0))))::INT;
CREATE TEMP MACRO largest_remainder(c, s1, s2, s3, slot) AS served(c * s1, c * s2, c * s3, c - c * s1 - c * s2 - c * s3, slot)"""
_MEASURES = {"VA": "value_added", "CE": "compensation", "NTP": "net_taxes", "CFC": "depreciation", "OS": "surplus"}
_RATED = ("compensation", "net_taxes", "depreciation", "value_added")


def _figures(where: str) -> str:
    return ", ".join(
        f"sum({c}) AS {m}_value, sum(abs({c})) AS {m}_absolute, count(nullif({c}, 0)){where} AS {m}_units, max(nullif(abs({c}), 0), 2){where} AS {m}_top"
        for m, c in _MEASURES.items()
    )


_BASES_OF_VARIANCE = """sum(digital) AS digital, sum(digital::DECIMAL(38,2) * digital) FILTER (basis <> 'reported') AS squares,
  sum(unit_value_added) FILTER (remainder) AS standing
FROM (SELECT *, round(share * coalesce(revenue, 0)::DOUBLE, 2)::DECIMAL(18,2) AS digital FROM {rows}) GROUP BY ALL"""
_OTHERS = f"""
CREATE TEMP TABLE others AS
SELECT {_DIMENSIONS}, {", ".join(_MEASURES.values())}, unit_id, holder_id, share, revenue, remainder, unit_value_added FROM splits WHERE several OR grouped"""
_HELD = """
CREATE TEMP TABLE held AS
SELECT period, holder_id FROM others WHERE share > 0 GROUP BY ALL HAVING count(*) > 1"""
_LONE = f"SELECT {_DIMENSIONS}, {_figures('')}, {_BASES_OF_VARIANCE.format(rows='splits WHERE NOT several AND NOT grouped')}"
_MARKED = "(SELECT o.*, h.holder_id IS NULL AS lone FROM others o LEFT JOIN held h ON (o.period, o.holder_id) = (h.period, h.holder_id))"
_PARTS = f"""
CREATE TEMP TABLE parts AS {_LONE}
UNION ALL SELECT {_DIMENSIONS}, {_figures(" FILTER (lone)")}, {_BASES_OF_VARIANCE.format(rows=_MARKED)}"""
_WIDE_FIGURES = ", ".join(
    f"sum({m}_value) AS {m}_value, sum({m}_absolute) AS {m}_absolute, sum({m}_units) AS {m}_units, "
    f"max({m}_top[1], 2) FILTER ({m}_top[1] IS NOT NULL) AS {m}_first, max({m}_top[2]) AS {m}_second" for m in _MEASURES
)  # fmt: skip
_WIDE = f"CREATE TEMP TABLE wide AS SELECT {_DIMENSIONS}, {_WIDE_FIGURES} FROM parts GROUP BY ALL"
_LONG = " UNION ALL ".join(
    f"SELECT {_DIMENSIONS}, '{m}' AS measure, {m}_value AS value, {m}_absolute AS absolute, {m}_units AS units, "
    f"{m}_first[1] AS x1, greatest({m}_first[2], {m}_second) AS x2 FROM wide" for m in _MEASURES
)  # fmt: skip
_KEPT = " UNION ALL ".join(
    f"SELECT {_DIMENSIONS.replace('period', 'o.period', 1)}, '{m}' AS measure, unit_id, o.holder_id, {c} AS value "
    f"FROM others o JOIN held h ON (o.period, o.holder_id) = (h.period, h.holder_id) WHERE {c} <> 0" for m, c in _MEASURES.items()
)  # fmt: skip
_BASES = """
SELECT c.*, cell, rate_variance, residual_variance, k.share, k.variance, k.tier FROM (
  SELECT period, area, activity, gbt_code, sum(digital) FILTER (basis = 'estimated') AS estimated, sum(squares) AS squares, sum(standing) AS standing
  FROM parts GROUP BY ALL) c LEFT JOIN rates USING (period, gbt_code)
LEFT JOIN '{f}/split_coefficients.parquet' k USING (period, gbt_code, activity)"""
_ALIKE = """
CREATE TEMP TABLE alike AS
SELECT period, area, gbt_code, in_district, registered, consolidated, has_return, basis, CASE WHEN grouped THEN holder_id END AS holder, count(*) AS number
FROM accounts GROUP BY ALL"""
_TOLD = {
    "UNITS": "true", "UNITS_CLASSIFIED": "gbt_code <> '_U'", "UNITS_WITH_RETURNS": "own AND has_return",
    "UNITS_UNREGISTERED": "own AND NOT registered", "UNITS_PARTIAL": "own AND basis = 'partial'",
    "UNITS_NO_BASIS": "own AND basis = 'no_basis'",
}  # fmt: skip
_COUNTED = """
CREATE TEMP TABLE counted AS
WITH u AS (SELECT * REPLACE (coalesce(gbt_code, '_U') AS gbt_code), NOT consolidated AS own FROM alike WHERE in_district AND (registered OR NOT consolidated)),
s AS (SELECT period, holder FROM u WHERE holder IS NOT NULL GROUP BY ALL HAVING sum(number) > 1)
SELECT u.*, s.holder IS NOT NULL AS several FROM u LEFT JOIN s USING (period, holder)"""
_COUNT_LEAVES = " UNION ALL ".join(
    f"SELECT period, area, gbt_code, '{m}' AS measure, sum(number) AS units, coalesce(sum(number) FILTER (NOT several), 0) AS lone "
    f"FROM counted WHERE {told} GROUP BY ALL" for m, told in _TOLD.items()
)  # fmt: skip
_COUNT_HOLDERS = " UNION ALL ".join(
    f"SELECT period, area, gbt_code, '{m}' AS measure, holder, sum(number) AS units FROM counted WHERE several AND {told} GROUP BY ALL"
    for m, told in _TOLD.items()
)  # fmt: skip


_ESTIMATED = """
CREATE TEMP TABLE estimated AS
SELECT unit_id, period, area, activity, gbt_code, round(share * coalesce(revenue, 0)::DOUBLE, 2)::DECIMAL(18,2) AS digital FROM splits WHERE basis = 'estimated'"""
_CHANGES = """
SELECT c.*, n.residual_variance, b.residual_variance AS residual_variance_previous FROM (
  SELECT n.period, n.area, n.activity, n.gbt_code, b.gbt_code AS gbt_code_previous, sum(n.digital::DECIMAL(38,2) * b.digital) AS revenue_products
  FROM estimated n JOIN estimated b ON (n.unit_id, n.period, n.area, n.activity) = (b.unit_id, b.period + 1, b.area, b.activity) GROUP BY ALL) c
LEFT JOIN rates n ON (c.period, c.gbt_code) = (n.period, n.gbt_code)
LEFT JOIN rates b ON (c.period, c.gbt_code_previous) = (b.period + 1, b.gbt_code)"""
_RESIDUALS = """
CREATE TEMP TABLE residuals AS
SELECT unit_id, period, value_added::DOUBLE / revenue::DOUBLE - value_added_rate AS u FROM accounts
WHERE in_district AND NOT consolidated AND NOT covered AND basis = 'reported' AND return_revenue > 0 AND gbt_code IS NOT NULL"""
_RESIDUAL_SUMS = """
SELECT n.period, count(*) AS units, sum((n.u * b.u)::DECIMAL(38,10)) AS products, sum((n.u * n.u)::DECIMAL(38,10)) AS squares,
  sum((b.u * b.u)::DECIMAL(38,10)) AS squares_previous
FROM residuals n JOIN residuals b ON (n.unit_id, n.period) = (b.unit_id, b.period + 1) WHERE n.u IS NOT NULL AND b.u IS NOT NULL GROUP BY ALL"""
_MOVED = """
CREATE TEMP TABLE moved AS
WITH j AS (
  SELECT s.*, sum(s.share) OVER u AS whole, count(*) OVER u AS classes, shifts.shift
  FROM splits s LEFT JOIN '{f}/split_coefficients.parquet' k ON (s.period, s.gbt_code, s.activity) = (k.period, k.gbt_code, k.activity) AND k.variance IS NOT NULL
  LEFT JOIN shifts ON s.split_evidence = shifts.tier
  WHERE starred AND CASE WHEN own_tier IS NULL THEN k.variance IS NULL
    ELSE NOT coalesce(own_tier IN ('visited', 'sample') AND own_design IN ('take_all', 'probability'), false) END
  WINDOW u AS (PARTITION BY s.unit_id, s.period)),
m AS (
  SELECT unit_id, holder_id, period, activity, gbt_code, unit_value_added::DOUBLE * (CASE WHEN whole > 0 THEN share / whole ELSE 1.0 / classes END) AS amount,
    least(whole, coalesce(shift, 0)) AS down, least(1 - whole, coalesce(shift, 0)) AS up FROM j)
SELECT unit_id, holder_id, period, activity, gbt_code, round(amount * down, 2)::DECIMAL(18,2) AS down, round(amount * up, 2)::DECIMAL(18,2) AS up,
  count(*) OVER (PARTITION BY period, holder_id) > 1 AS several FROM m"""
_MOVES = " UNION ALL ".join(
    f"SELECT period, activity, gbt_code, '{m}' AS measure, sum({c}) AS value, sum(abs({c})) AS absolute, count(*) FILTER (NOT several AND {c} <> 0) AS units, "
    f"max(nullif(abs({c}), 0), 2) FILTER (NOT several)[1] AS x1, max(nullif(abs({c}), 0), 2) FILTER (NOT several)[2] AS x2 FROM moved GROUP BY ALL"
    for m, c in {"SPLIT_DOWN": "down", "SPLIT_UP": "up"}.items()
)  # fmt: skip
_MOVERS = " UNION ALL ".join(
    f"SELECT period, activity, gbt_code, holder_id, '{m}' AS measure, sum({c}) AS value FROM moved WHERE several GROUP BY ALL"
    for m, c in {"SPLIT_DOWN": "down", "SPLIT_UP": "up"}.items()
)  # fmt: skip


def leaves_by_sql(folder: Path, engine: Any) -> Path:
    """The account by hand, all tables below the unit written."""
    _small_tables(folder, engine)
    engine.raw_sql(_SUMS).fetchall()
    for macro in _MACROS.split(";"):
        engine.raw_sql(macro)
    engine.raw_sql(_ACCOUNTS)
    single, several = (", ".join(part.format(m=m) for m in _RATED) for part in (_SINGLE, _SEVERAL))
    engine.raw_sql(_SPLITS.format(single=single, several=several))
    for statement in (_OTHERS, _HELD, _PARTS, _WIDE):
        engine.raw_sql(statement)
    written = {
        "leaves": (_LONG, "ALL"), "contributors": (_KEPT, "period, unit_id, activity, measure"),
        "bases": (_BASES.format(f=folder), "ALL"), "count_leaves": (_COUNT_LEAVES, "ALL"),
        "count_contributors": (_COUNT_HOLDERS, "period, holder, area, gbt_code, measure"),
        "change_bases": (_CHANGES, "ALL"), "residual_sums": (_RESIDUAL_SUMS, "period"),
        "split_moves": (_MOVES, "ALL"), "split_movers": (_MOVERS, "ALL"),
    }  # fmt: skip
    for statement in (_ALIKE, _COUNTED, _ESTIMATED, _RESIDUALS, _MOVED.format(f=folder)):
        engine.raw_sql(statement)
    for name, (query, order) in written.items():
        engine.raw_sql(f"COPY (SELECT * FROM ({query}) ORDER BY {order}) TO '{folder}/sql_{name}.parquet' ({_PARQUET})")
    return folder / "sql_leaves.parquet"


def _small_tables(folder: Path, engine: Any) -> None:
    """What the stage works out on small tables: classes, rates, coefficients; own shares of the year."""
    catalogue = load_catalogue()
    classes = core_classes(catalogue)
    shifts = catalogue.parameter("split/sensitivity_shift").at(2021)
    rows = [(code, activity, slot, len(some) > 1)
            for code, some in classes.activities.items() for slot, activity in enumerate(some, 1)]  # fmt: skip
    engine.raw_sql("CREATE TEMP TABLE classes (gbt_code VARCHAR, activity VARCHAR, slot INT, several BOOL)")
    engine.con.executemany("INSERT INTO classes VALUES (?, ?, ?, ?)", rows)
    engine.raw_sql("CREATE TEMP TABLE shifts (tier VARCHAR, shift DOUBLE)")
    engine.con.executemany("INSERT INTO shifts VALUES (?, ?)", sorted(shifts.items()))
    engine.raw_sql(f"CREATE TEMP VIEW units AS FROM '{folder}/accounted_units.parquet'")
    engine.raw_sql(f"CREATE TEMP TABLE rates AS FROM '{folder}/rates.parquet'")
    pivot = "coalesce(max({v}) FILTER (slot = {n}), 0.0) AS {a}{n}"
    wide = ", ".join(pivot.format(v="k.share", n=n, a="k") for n in (1, 2, 3))
    engine.raw_sql(
        f"CREATE TEMP TABLE coefficients AS SELECT k.period, k.gbt_code, any_value(tier) AS tier, {wide} "
        f"FROM '{folder}/split_coefficients.parquet' k JOIN classes USING (gbt_code, activity) GROUP BY ALL"
    )
    wide = ", ".join(pivot.format(v="e.share", n=n, a="o") for n in (1, 2, 3))
    engine.raw_sql(
        f"CREATE TEMP TABLE own AS SELECT e.unit_id, e.period, any_value(tier) AS own_tier, any_value(design) AS own_design, {wide} "
        f"FROM '{folder}/split_evidence.parquet' e JOIN (FROM units WHERE starred) a "
        "ON (e.unit_id, e.period) = (a.unit_id, a.period) JOIN classes c ON (c.gbt_code, c.activity) = (a.gbt_code, e.activity) "
        "GROUP BY ALL"
    )
    starred = ", ".join(f"'{code}'" for code in sorted(classes.starred))
    engine.raw_sql(
        "CREATE TEMP TABLE missing AS SELECT period, gbt_code FROM (SELECT DISTINCT c.gbt_code, r.period "
        f"FROM classes c, rates r WHERE c.gbt_code IN ({starred})) ANTI JOIN coefficients USING (period, gbt_code)"
    )
