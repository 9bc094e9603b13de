"""Core classes of each GB/T class: one for a class without star, one to three for a starred class."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from keli.base.errors import NotClosedError
from keli.model.catalogue import Catalogue

# The most core classes that one starred class belongs to (4851 and 4910).
SLOTS = (1, 2, 3)


@dataclass(frozen=True)
class CoreClasses:
    """The core part of the crosswalk, the classes of one GB/T code numbered in order.

    Args:
        activities: GB/T code -> core classes, sorted.
        starred: GB/T codes of which only a part is digital.
    """

    activities: dict[str, tuple[str, ...]]
    starred: frozenset[str]

    @property
    def several(self) -> list[str]:
        """GB/T codes that belong to several core classes."""
        return sorted(code for code, activities in self.activities.items() if len(activities) > 1)

    def table(self) -> ir.Table:
        """One row a GB/T code and core class, with its slot and the number of classes of the code."""
        rows = [
            {"c_code": code, "activity": activity, "slot": slot, "classes": len(activities)}
            for code, activities in sorted(self.activities.items())
            for slot, activity in zip(SLOTS, activities, strict=False)
        ]
        schema = {"c_code": "string", "activity": "string", "slot": "int8", "classes": "int8"}
        return ibis.memtable(rows, schema=schema)


def core_classes(catalogue: Catalogue) -> CoreClasses:
    """Return the core classes of each GB/T code.

    Raises:
        NotClosedError: A class without star belongs to several core classes, or a starred one to more than three.
    """
    activities: dict[str, tuple[str, ...]] = {}
    starred = set()
    for membership in catalogue.core_memberships():
        code = membership.gbt_code
        activities[code] = tuple(sorted({*activities.get(code, ()), membership.activity}))
        if membership.starred:
            starred.add(code)
    for code, some in activities.items():
        if len(some) > (len(SLOTS) if code in starred else 1):
            raise NotClosedError(
                f"The GB/T class {code} belongs to {len(some)} core classes: its units cannot be split.",
                next_step="Mend catalogue/crosswalks: only a starred class may have several core classes.",
            )
    return CoreClasses(activities, frozenset(starred))
