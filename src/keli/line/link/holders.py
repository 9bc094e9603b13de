"""Holders: the group or person that disclosure rules count as one contributor."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from keli.engine.functions import surrogate
from keli.engine.text import normalised
from keli.line.link.units import LOCAL_ACTIVITY


def with_parent(units: ir.Table, moved: ir.Table) -> ir.Table:
    """Add the legal unit of each local activity unit, by the parent's code.

    Args:
        units: One row for each unit, with `parent_uscc`.
        moved: One row for each identity that belongs to another unit than its own: `own_id`, `unit_id`.

    Returns:
        The units with `parent_id`, empty for all but local activity units with another unit as parent.
    """
    own = moved.select(named_parent="own_id", parent_unit="unit_id")
    named = units.mutate(parent_key=surrogate("code:" + units.parent_uscc))
    joined = named.left_join(own, named.parent_key == own.named_parent)
    parent = ibis.coalesce(joined.parent_unit, joined.parent_key)
    told = (joined.unit_type == LOCAL_ACTIVITY) & (parent != joined.unit_id)
    return joined.mutate(parent_id=ibis.cases((told, parent))).drop("parent_key", "named_parent", "parent_unit")


def with_holder(units: ir.Table) -> ir.Table:
    """Add the contributor that disclosure rules count.

    Method: the holder that the register names; a unit that others name as their holder, by code or name, is of its own
    group; a local activity unit without a holder has its parent's; every other unit is its own.

    Args:
        units: One row for each unit, with `holder` and `parent_id`.

    Returns:
        The units with `holder_id`.
    """
    keyed = units.mutate(holder_key=normalised(units.holder), name_key=normalised(units.name))
    groups = keyed.filter(keyed.holder_key.notnull()).select(group="holder_key").distinct()
    by_code = groups.rename(group_of_code="group")
    by_name = groups.rename(group_of_name="group")
    joined = keyed.left_join(by_code, keyed.uscc == by_code.group_of_code)
    joined = joined.left_join(by_name, joined.name_key == by_name.group_of_name)
    group = ibis.coalesce(joined.holder_key, joined.group_of_code, joined.group_of_name)
    own = joined.mutate(group_id=surrogate("holder:" + group))
    parents = own.filter(own.group_id.notnull()).select(parent_key="unit_id", parent_group="group_id")
    found = own.left_join(parents, own.parent_id == parents.parent_key)
    holder = ibis.coalesce(found.group_id, found.parent_group, found.parent_id, found.unit_id)
    return found.mutate(holder_id=holder).drop(
        "holder", "holder_source", "parent_uscc", "parent_uscc_source", "holder_key", "name_key",
        "group_of_code", "group_of_name", "group_id", "parent_key", "parent_group",
    )  # fmt: skip
