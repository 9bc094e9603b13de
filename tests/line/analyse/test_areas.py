"""The areas below a district: subdistricts, and one for the units that none is known of."""

from __future__ import annotations

import dataclasses

import pytest
from tests.line.analyse.conftest import FUTIAN, UNPLACED

from keli.base.errors import CatalogueError
from keli.line.analyse.areas import Areas, areas_of
from keli.model.catalogue import Catalogue
from keli.model.codes import CodeList


def test_every_district_of_the_catalogue_has_one(catalogue: Catalogue) -> None:
    assert areas_of(catalogue, FUTIAN) == Areas(FUTIAN, UNPLACED)
    for district in catalogue.areas.at_level("district"):
        assert areas_of(catalogue, district.code).unplaced == f"{district.code}_U"


def test_an_area_list_without_one_is_refused(catalogue: Catalogue) -> None:
    codes = {code: entry for code, entry in catalogue.areas.codes.items() if code != UNPLACED}
    lacking = dataclasses.replace(catalogue, areas=CodeList(catalogue.areas.head, codes))
    with pytest.raises(CatalogueError, match="has 0 codes of 440304"):
        areas_of(lacking, FUTIAN)
