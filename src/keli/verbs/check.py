"""keli check: settings, inputs, facts and releases, without running."""

from __future__ import annotations

from keli.base.quantities import YUAN
from keli.line.checkup import Checkup, check_workspace
from keli.model.settings.mapping import money_columns
from keli.model.source_kinds import source_kinds
from keli.model.workspace import Source
from keli.verbs.terminal import Dir, say


def check(folder: Dir) -> None:
    """Check settings, inputs, facts and releases without running.

    \b
    keli check my-district
    """  # noqa: D301 - \b keeps the lines of the examples apart
    found = check_workspace(folder)
    _tell_checkup(found)
    if found.damaged:
        raise next(iter(found.damaged.values()))


def _tell_checkup(found: Checkup) -> None:
    """Say what a checkup found."""
    say(f"{found.workspace.title}: keli.yaml, inputs and facts can be read.")
    for source in found.workspace.sources:
        say(f"  source {source.name} ({source.kind}): files: {len(source.files)}{_money(source)}")
    say(f"  industry coder: {found.coder}")
    for fact in found.unverified:
        say(f"  not verified: {fact.kind} {fact.name} {fact.label_zh}, from {fact.valid_from}, {fact.reference}")
    if found.unassigned:
        say(f"  not wholly in a plate: {len(found.unassigned)} core classes: {' '.join(found.unassigned)}")
    for release_id in found.whole:
        say(f"  release {release_id}: whole")


def _money(source: Source) -> str:
    """In which units the amounts of a source are read, and where that is not stated."""
    columns = money_columns(source_kinds()[source.kind], source.columns)
    units: dict[str, list[str]] = {}
    for column in columns:
        unit = source.stated_unit(column) or f"{YUAN}, as no unit is stated"
        units.setdefault(unit, []).append(column)
    if len(units) == 1:
        return f", money in {next(iter(units))}"
    return "".join(f", {' '.join(columns)} in {unit}" for unit, columns in units.items())
