"""The example on real public files, end to end: books, joins, what is never published, three firms by hand."""

from __future__ import annotations

import io
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from rich.console import Console

from keli.engine.connect import connect_duckdb
from keli.engine.progress import Reporter
from keli.engine.vault import Vault
from keli.line.checkup import open_workspace
from keli.line.flow import run_line
from keli.model.catalogue import load_catalogue
from keli.model.release.manifest import Manifest

pytestmark = [pytest.mark.real, pytest.mark.slow]

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "shenzhen" / "keli.yaml"
REGISTER_ROWS, LISTED_ROWS = 18_665, 905
MATCHED, LINKED = 248, 24

RATES = """
name: value_added/external_rates
label_zh: 外部推算率
description: Rates that this test assumes; they come from nowhere.
unit: "1"
values:
  - valid_from: 2000-01-01
    value: {vat_payable: 0.02, depreciation: 0.03}
    reference: assumption of a test
    verified: false
"""
VAT_RATE, DEPRECIATION_RATE = Decimal("0.02"), Decimal("0.03")


@dataclass(frozen=True)
class Firm:
    """One firm-year as its statement prints it, in yuan: losses are negative."""

    name: str
    year: int
    revenue: str
    cash_paid_to_employees: str
    taxes_and_surcharges: str
    operating_profit: str
    asset_impairment: str
    credit_impairment: str
    fair_value_gain: str
    investment_income: str
    asset_disposal_gain: str
    other_income: str

    def amount(self, item: str) -> Decimal:
        """Return an amount; a blank is zero."""
        return Decimal(getattr(self, item) or "0")


FIRMS = (
    Firm("深圳长城开发科技股份有限公司", 2021, "16488253175.97", "2450107061.69", "68232119.27", "1021015424.07",
         "-25967125.51", "-7525278.15", "314635023.47", "-5134611.33", "4379105.1", "197958012.64"),
    Firm("深圳市银之杰科技股份有限公司", 2020, "1390460207.58", "126997420.24", "2298651.17", "30254328.7",
         "-945039.83", "-12253825.54", "", "-2636603.43", "-6203.9", "12468031.26"),
    Firm("深圳市金百泽电子科技股份有限公司", 2021, "699431896.24", "184506861.48", "5225882.84", "54589869.37",
         "-485099.59", "-2054744.1", "", "517666.35", "-37176.31", "16501407.64"),
)  # fmt: skip


@dataclass(frozen=True)
class Run:
    """One run of the example: its confidential tables and its release."""

    vault: Path
    release: Path
    manifest: Manifest

    def table(self, name: str, /, **where: object) -> pd.DataFrame:
        """Return a table of the vault, or an open one, with the rows that are asked for."""
        if name.startswith("open_"):
            rows = pq.read_table(self.release / f"{name.removeprefix('open_')}.parquet").to_pandas()
        else:
            vault = Vault(self.vault, connect_duckdb(self.vault / ".spill"), load_catalogue().tables)
            rows = vault.read(name).to_pyarrow().to_pandas()
        for column, value in where.items():
            rows = rows[rows[column] == value]
        return rows


def run_example(folder: Path, shared: Path, rates: str | None = None) -> Run:
    """Run a copy of the example, so that nothing is written into the checkout."""
    settings = EXAMPLE.read_text(encoding="utf-8").replace("../../../shared", str(shared))
    (folder / "keli.yaml").write_text(settings, encoding="utf-8")
    if rates is not None:
        place = folder / "catalogue" / "parameters" / "value_added"
        place.mkdir(parents=True)
        (place / "external_rates.yaml").write_text(rates, encoding="utf-8")
        (folder / "keli.yaml").write_text(settings + "\nparameters: catalogue/parameters\n", encoding="utf-8")
    workspace, catalogue = open_workspace(folder)
    outcome = run_line(workspace, catalogue, Reporter(Console(file=io.StringIO())))
    manifest = outcome.release.manifest
    return Run(folder / "vault" / outcome.run_id, folder / "releases" / manifest.release_id, manifest)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory, shared: Path) -> Run:
    """The example as it stands."""
    return run_example(tmp_path_factory.mktemp("shenzhen"), shared)


@pytest.fixture(scope="module")
def run_with_rates(tmp_path_factory: pytest.TempPathFactory, shared: Path) -> Run:
    """The example with a rate for each of the two items that nobody reports."""
    return run_example(tmp_path_factory.mktemp("shenzhen-rates"), shared, RATES)


def account_of(run: Run, firm: Firm) -> pd.Series:
    """Return the account of a firm in its year."""
    units = run.table("units", name=firm.name)
    assert len(units) == 1
    rows = run.table("unit_account", unit_id=units.unit_id.iloc[0], period=firm.year)
    assert len(rows) == 1
    return rows.iloc[0]


def test_the_books_of_both_files_close(run: Run) -> None:
    books = run.table("intake").set_index("source")
    assert books.rows_in.to_dict() == {"register": REGISTER_ROWS, "listed": LISTED_ROWS}
    assert (books.rows_in == books.rows_accepted + books.rows_quarantined).all()
    assert books.rows_quarantined["listed"] == 0


def test_the_release_shows_the_same_books(run: Run) -> None:
    coverage = run.table("open_coverage")
    rows = coverage[coverage.measure.str.startswith("ROWS_")].pivot_table("obs_value", "source", "measure")
    assert rows.ROWS_IN.to_dict() == {"register": REGISTER_ROWS, "listed": LISTED_ROWS}
    assert (rows.ROWS_IN == rows.ROWS_ACCEPTED + rows.ROWS_QUARANTINED).all()


def test_firm_years_join_the_register_by_exact_name(run: Run) -> None:
    rows = run.table("unit_rows", source="listed").merge(run.table("units")[["unit_id", "registered"]])
    assert len(rows) == LISTED_ROWS
    assert (rows.match == "name").sum() == MATCHED
    assert rows.registered.sum() == MATCHED + LINKED


# Firms whose name is written in another way in the register, by hand; what is doubtful is left to people.
SPELLINGS = {
    "中国国际海运集装箱集团股份有限公司": "中国国际海运集装箱(集团)股份有限公司",
    "深圳市纺织集团股份有限公司": "深圳市纺织(集团)股份有限公司",
    "金地集团股份有限公司": "金地(集团)股份有限公司",
}
GROUPS = {
    "中国广核电力股份有限公司",
    "深圳市燃气集团股份有限公司",
    "国信证券股份有限公司",
    "深圳市海王生物工程股份有限公司",
}


def test_other_spellings_are_linked_and_groups_are_left_to_people(run: Run) -> None:
    rows = run.table("unit_rows", source="listed", match="linked").merge(run.table("units")[["unit_id", "name"]])
    assert len(rows) == LINKED
    assert set(SPELLINGS.values()) < set(rows.name)
    assert (rows.probability >= 0.99).all()
    asked = run.table("link_queue")
    assert set(asked.other_name) > GROUPS
    assert not set(asked.other_name) & set(SPELLINGS)
    assert set(run.table("unit_links").relation) == {"unmatched"}


def test_the_rest_are_unregistered_units_and_counted(run: Run) -> None:
    units = run.table("units", registered=False)
    assert len(units) > 0
    assert units.uscc.isna().all()
    assert run.table("unit_account", consolidated=True).unit_id.isin(units.unit_id).any()
    counted = run.table("open_coverage", measure="ROWS_UNREGISTERED").set_index("source").obs_value
    assert counted.to_dict() == {"register": 0, "listed": LISTED_ROWS - MATCHED - LINKED}


def test_consolidated_groups_never_enter_a_total_of_the_district(run: Run, run_with_rates: Run) -> None:
    for each in (run, run_with_rates):
        assert each.table("unit_account").consolidated.any()
        for table in ("leaves", "contributors", "unit_split", "count_contributors", "uncertainty_bases"):
            assert each.table(table).empty, table
        published = each.table("open_value_added")
        assert published[published.obs_value.notna()].empty


def test_it_is_not_a_census_and_says_so(run: Run) -> None:
    assert run.manifest.census is False
    assert any("not a census" in note.lower() for note in run.manifest.notes)
    assert "SHARE_GDP" not in set(run.table("open_value_added").measure)


@pytest.mark.parametrize("firm", FIRMS, ids=lambda firm: firm.name)
def test_without_depreciation_and_vat_a_firm_is_partial(run: Run, firm: Firm) -> None:
    account = account_of(run, firm)
    assert account.basis == "partial"
    assert pd.isna(account.value_added)


@pytest.mark.parametrize("firm", FIRMS, ids=lambda firm: firm.name)
def test_every_component_is_what_hand_calculation_says(run_with_rates: Run, firm: Firm) -> None:
    revenue = firm.amount("revenue")
    cent = Decimal("0.01")
    vat, depreciation = ((revenue * rate).quantize(cent) for rate in (VAT_RATE, DEPRECIATION_RATE))
    compensation = firm.amount("cash_paid_to_employees")
    net_taxes = firm.amount("taxes_and_surcharges") + vat - firm.amount("other_income")
    # Losses are printed as negative figures: taking them off adds them back.
    surplus = firm.amount("operating_profit") - firm.amount("asset_impairment") - firm.amount("credit_impairment")
    surplus -= firm.amount("fair_value_gain") + firm.amount("investment_income") + firm.amount("asset_disposal_gain")
    account = account_of(run_with_rates, firm)
    assert account.basis == "imputed"
    assert account.imputed_items.split() == ["vat_payable", "depreciation"]
    assert account.revenue == revenue
    assert account.compensation == compensation
    assert account.net_taxes == net_taxes
    assert account.depreciation == depreciation
    assert account.surplus == surplus
    assert account.value_added == compensation + net_taxes + depreciation + surplus


def test_the_three_firms_are_futians(run: Run) -> None:
    for firm in FIRMS:
        unit = run.table("units", name=firm.name).unit_id.iloc[0]
        status = run.table("unit_period", unit_id=unit, period=firm.year).iloc[0]
        assert status.in_district
        assert status.area.startswith("440304")
        assert status.consolidated
