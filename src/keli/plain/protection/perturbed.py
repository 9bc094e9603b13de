"""keli protect with method rounding or cellkey: all counts are published, changed a little."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from keli.base.errors import SourceError
from keli.engine.coding.kept import write_whole
from keli.methods.linked_tables.holders import sums_of
from keli.methods.linked_tables.tables import Floats, Integers
from keli.methods.rounding.cell_keys import KEYS, keys_of_cells, perturbed, record_keys
from keli.methods.rounding.controlled import rounded
from keli.methods.rounding.noise import Noise, noise_table
from keli.methods.rounding.utility import Utility, utility
from keli.model.catalogue import Catalogue
from keli.plain.protection.cells import CELL_KEY
from keli.plain.protection.results import STATUS, write_results
from keli.plain.protection.sensitive import FREE
from keli.plain.protection.spec import LATEST, Spec
from keli.plain.protection.tables import Joined

ROUNDING, CELLKEY = "rounding", "cellkey"
PERTURBING = {ROUNDING: "rounded", CELLKEY: "perturbed"}
"""Method -> column of the result."""

OF_COLUMN, OF_SECRET, OF_CONTENTS = f'column "{CELL_KEY}"', "secret of the SPEC", "contents of the files"


@dataclass(frozen=True)
class Perturbed:
    """What rounding, or noise, came to.

    Args:
        method: rounding or cellkey.
        utility: What it costs.
        base: Base of rounding; nothing for cell keys.
        far_cells: Cells further from their value than a neighbouring multiple of the base; nothing for cell keys.
        nearest: No controlled rounding is nearer; nothing for cell keys.
        noise: Largest change, variance, smallest counts; nothing for rounding.
        keys: Where cell keys come from; nothing for rounding.
        outs: Files that were written.
    """

    method: str
    utility: Utility
    base: int | None
    far_cells: int | None
    nearest: bool | None
    noise: Noise | None
    keys: str | None
    outs: tuple[str, ...]


def perturb(tables: Joined, catalogue: Catalogue, outs: Sequence[Path], report: Path | None) -> Perturbed:
    """Round all cells, or give them noise; write results and report.

    Args:
        tables: The cells.
        catalogue: Base and noise, where the SPEC does not say.
        outs: Where the results go.
        report: Where the report goes, if anywhere.

    Raises:
        ConfigurationError: Base or noise are not possible.
        SourceError: A value is no count, or an inner cell has no key.
    """
    spec = tables.files[0].spec
    method = spec.options["method"]
    names = tuple(str(out) for out in outs)
    if method == ROUNDING:
        base = int(spec.options.get("base", catalogue.parameter("counts/rounding_base").at(LATEST)))
        found = rounded(tables.tables, base)
        figures = found.values
        lost = utility(tables.tables.values, figures, tables.tables.relations)
        done = Perturbed(method, lost, base, int(found.far.sum()), found.nearest, None, None, names)
    else:
        noise = _noise(spec, catalogue)
        keys, origin = _keys(tables, spec)
        figures = perturbed(_counts(tables), keys, noise_table(noise)).astype(np.float64)
        lost = utility(tables.tables.values, figures, tables.tables.relations)
        done = Perturbed(method, lost, None, None, None, noise, origin, names)
    shown = [f"{figure:.15g}" for figure in (figures + 0.0).tolist()]
    write_results(tables, {PERTURBING[method]: shown, STATUS: [FREE] * tables.tables.size}, outs)
    if report is not None:
        write_whole(report, json.dumps(asdict(done), ensure_ascii=False, indent=2).encode() + b"\n")
    return done


def _noise(spec: Spec, catalogue: Catalogue) -> Noise:
    asked = spec.options.get("noise") or {
        name: catalogue.parameter(f"counts/noise_{name}").at(LATEST) for name in ("maximum", "variance", "smallest")
    }
    return Noise(int(asked["maximum"]), float(asked["variance"]), int(asked["smallest"]))


def _counts(tables: Joined) -> Integers:
    """(n,) values as counts.

    Raises:
        SourceError: A value is below zero or not whole.
    """
    values = tables.tables.values
    wrong = np.flatnonzero((values < 0) | (values != np.rint(values)))
    if len(wrong):
        cell = int(wrong[0])
        column = tables.files[0].spec.value
        raise SourceError(
            f"{values[cell]:.15g} is no count: cell keys give noise to whole numbers of 0 or more.",
            where=tables.where(cell, column),
            example="value: freq",
            next_step="Name a column of counts as the value, or take method: auto for amounts.",
        )
    return np.rint(values).astype(np.int64)


def _keys(tables: Joined, spec: Spec) -> tuple[Integers, str]:
    """(n,) cell keys and where they come from: the files, the secret, or else the contents of the files.

    Raises:
        SourceError: An inner cell with a count has no key in the file.
    """
    relations = tables.tables.relations
    inner = np.ones(tables.tables.size, bool)
    inner[sums_of(relations).total] = False
    some = tables.tables.values != 0
    if any(CELL_KEY in cells.numbers for cells in tables.files):
        given = _given(tables)
        lacking = np.flatnonzero(np.isnan(given) & inner & some)
        if len(lacking):
            cell = int(lacking[0])
            raise SourceError(
                f"The cell {tables.address(cell)} has no key.",
                where=tables.where(cell, CELL_KEY),
                example="0.3718 (the sum of its units' keys, without the whole part)",
                next_step="Give every inner cell its key; those of totals are worked out where they are empty.",
            )
        steps = np.floor(np.nan_to_num(given) * KEYS).astype(np.int64)
        return np.where(np.isnan(given), keys_of_cells(steps, relations), steps), OF_COLUMN
    secret = spec.options.get("secret")
    origin = OF_CONTENTS if secret is None else OF_SECRET
    units = [_identity(tables, cell) for cell in range(tables.tables.size)]
    made = np.where(some & inner, record_keys(units, secret or _contents(tables)), 0)
    return keys_of_cells(made, relations), origin


def _given(tables: Joined) -> Floats:
    """(n,) keys of the first file that has one for a cell."""
    found = np.full(tables.tables.size, np.nan)
    for cells, places in reversed(list(zip(tables.files, tables.places, strict=True))):
        if CELL_KEY in cells.numbers:
            keys = cells.numbers[CELL_KEY]
            found[places] = np.where(np.isnan(keys), found[places], keys)
    return found


def _identity(tables: Joined, cell: int) -> str:
    """What a cell is, in whichever file and order of columns it stands: its codes that are no totals."""
    file, row = tables.first[cell]
    cells = tables.files[file]
    codes = zip(cells.spec.dimensions, cells.codes[row].tolist(), cells.labels, strict=True)
    return json.dumps(sorted([dimension.column, labels[code]] for dimension, code, labels in codes if code))


def _contents(tables: Joined) -> str:
    return hashlib.sha256(b"".join(cells.file.read_bytes() for cells in tables.files)).hexdigest()


def told_of_noise(done: Perturbed) -> list[str]:
    """What the command says when it is done."""
    lost = done.utility
    far = f"{done.far_cells} cells are further from their value than the next multiple: no other way was found."
    near = "Every cell is at a multiple next to its value." if done.far_cells == 0 else far
    first = (
        f"{lost.cells} cells, none withheld; {lost.changed_cells} changed, by {lost.mean_deviation:.3g} on average "
        f"and {lost.largest_deviation:.6g} at most; Hellinger utility {lost.hellinger_utility:.4f}."
    )
    if done.noise is None:
        best = "No controlled rounding is nearer." if done.nearest else "A nearer one may exist."
        return [first, f"Multiples of {done.base}; all sums hold. {near} {best}"]
    second = (
        f"Noise up to {done.noise.maximum} with variance {done.noise.variance:g}, no counts from 1 to "
        f"{done.noise.smallest}; keys from the {done.keys}. {lost.broken_sums} sums do not hold any more."
    )
    again = "Another state of the files gets other noise: give cell_key or secret before they are published twice."
    return [first, second, again] if done.keys == OF_CONTENTS else [first, second]
