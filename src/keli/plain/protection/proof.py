"""The proof beside a result: moves and witnesses, so that the audit of a large table takes minutes."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from keli.engine.coding.kept import write_whole
from keli.methods.linked_tables.tables import Change, Pattern, Witness

SUFFIX = ".proof.json.gz"


def proof_beside(out: Path) -> Path:
    """Return where the proof of a result lies."""
    return out.with_name(out.name + SUFFIX)


def write_proof(outs: Sequence[Path], spec: Path, pattern: Pattern) -> None:
    """Write the proof of a pattern beside its first result.

    Args:
        outs: The results, one a linked table.
        spec: The SPEC file, named in the proof so that an audit finds it.
        pattern: The pattern.
    """
    contents = {
        "spec": str(spec.resolve()),
        "results": [[out.name, _digest(out)] for out in outs],
        "changes": [[change.cells.tolist(), change.amounts.tolist()] for change in pattern.changes],
        "witnesses": [[witness.cell, witness.change, witness.factor] for witness in pattern.witnesses],
    }
    write_whole(proof_beside(outs[0]), gzip.compress(json.dumps(contents).encode(), mtime=0))


def read_proof(out: Path) -> tuple[Path | None, list[Path], list[Change], list[Witness]]:
    """Read the proof beside a result: SPEC, results, changes, witnesses.

    Returns:
        Nothing of it where there is none; no changes and witnesses where a result is no longer what was proved.
    """
    path = proof_beside(out)
    if not path.is_file():
        return None, [out], [], []
    contents = json.loads(gzip.decompress(path.read_bytes()))
    outs = [out.with_name(name) for name, _ in contents["results"]]
    spec = Path(contents["spec"])
    if any(
        not file.is_file() or _digest(file) != digest
        for file, (_, digest) in zip(outs, contents["results"], strict=True)
    ):
        return spec, outs, [], []
    changes = [Change(np.array(cells, np.int64), np.array(amounts)) for cells, amounts in contents["changes"]]
    return spec, outs, changes, [Witness(*entry) for entry in contents["witnesses"]]


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
