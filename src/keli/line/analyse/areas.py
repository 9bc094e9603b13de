"""Areas that a leaf is counted in: the district, and below it a subdistrict or the units that none is known of."""

from __future__ import annotations

from dataclasses import dataclass

import ibis.expr.types as ir
import pandas as pd

from keli.base.errors import CatalogueError
from keli.model.catalogue import Catalogue

UNPLACED = "unplaced"


@dataclass(frozen=True)
class Areas:
    """The district and the area of its units whose subdistrict is not known.

    Args:
        district: Area code of the district; leaves bear it where no subdistrict is known.
        unplaced: Area code that those leaves have beside the subdistricts.
    """

    district: str
    unplaced: str

    def below(self, leaves: ir.Table) -> ir.Table:
        """Return leaves with the area below the district; the areas of all leaves add up to the district."""
        return leaves.mutate(area=(leaves.area == self.district).ifelse(self.unplaced, leaves.area))

    def frame_below(self, leaves: pd.DataFrame) -> pd.DataFrame:
        """Return a small frame of leaves with the area below the district."""
        return leaves.assign(area=leaves["area"].replace({self.district: self.unplaced}))


def areas_of(catalogue: Catalogue, district: str) -> Areas:
    """Return the areas of a district.

    Raises:
        CatalogueError: The area list has no code for units of the district without a subdistrict.
    """
    codes = [code for code in catalogue.areas.children(district) if catalogue.areas[code].level == UNPLACED]
    if len(codes) != 1:
        raise CatalogueError(
            f"The area list has {len(codes)} codes of {district} for units whose subdistrict is not known.",
            example=f"{district}_U,{UNPLACED},{district},街道不明",
            next_step="Give the district one such code in catalogue/codes.",
        )
    return Areas(district, codes[0])
