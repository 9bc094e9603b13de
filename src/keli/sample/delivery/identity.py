"""Names, codes, groups and parents of the units: valid in form, and plainly nobody's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from keli.base.identifiers import USCC_ALPHABET, USCC_LENGTH, USCC_MODULUS, uscc_remainder
from keli.sample.delivery.text import chosen, joined, kept, numbers
from keli.sample.truth.population import INDIVIDUAL, LOCAL
from keli.sample.truth.world import Chunk

Array = npt.NDArray[Any]

WORDS = ("云帆", "数桥", "智川", "联星", "微澜", "启衡", "博屿", "芯野", "讯山", "网湾", "图岭", "算海")
ENDINGS = ("科技有限公司", "实业有限公司", "科技有限公司福田分公司", "商行")
# An organisation number that begins with YY is given to no one; the sample's codes are valid and nobody's.
PREFIX = "91440304YY"
OUTSIDE_PREFIX = "91440305YY"
BODY_LENGTH = 6
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
ORGANISATION_MODULUS = 11
STEP = 387_420_489  # 3**18: has no common factor with 31, so that numbers become codes one to one
YEARLY_OFFSET = 15_485_863
WIDTH_OF_NUMBER = 7


@dataclass(frozen=True)
class Identity:
    """Identifiers of the units of one chunk.

    Args:
        name: Name as registered.
        code: Unified social credit code, empty for individuals.
        key: The code, else the name: what truth/ calls the unit.
        parent_code: Code of the parent of a local activity unit.
        holder: Name of the group.
        twin: The name is borne by another unit too.
    """

    name: pa.Array
    code: pa.Array
    key: pa.Array
    parent_code: pa.Array
    holder: pa.Array
    twin: Array


def identities(chunk: Chunk) -> Identity:
    """Give the units of a chunk their identifiers."""
    units, plan = chunk.units, chunk.plan
    draw = chunk.stream.draw("identities")
    planted = draw.random(units.count) < plan.rules.dirt["same_name"]
    alike = (units.kind[1:] == units.kind[:-1]) & (units.kind[1:] != INDIVIDUAL)
    follows = np.zeros(units.count, dtype=bool)
    follows[1:] = planted[1:] & ~planted[:-1] & alike
    number = units.number - follows
    position = np.arange(units.count) - follows
    core = plan.classes.core[units.klass[:, 0]]
    ending = np.select([units.kind == INDIVIDUAL, units.kind == LOCAL, core], [3, 2, 0], 1)[position]
    name = joined(
        "福田样例", chosen(WORDS, number % len(WORDS)), numbers(number, WIDTH_OF_NUMBER), chosen(ENDINGS, ending)
    )
    code = credit_codes(PREFIX, units.number, plan.seed)
    has_code = units.kind != INDIVIDUAL
    twin = follows | np.append(follows[1:], False)
    holder = joined(
        "福田样例集团",
        numbers(chunk.stream.chunk * np.ones(units.count, np.int64), 3),
        numbers(np.maximum(chunk.members.group, 0), 5),
    )
    return Identity(
        name,
        kept(code, has_code),
        pa.array(np.where(has_code, code.to_numpy(zero_copy_only=False), name.to_numpy(zero_copy_only=False))),
        _parent_codes(chunk, code),
        kept(holder, chunk.members.group >= 0),
        twin,
    )


def credit_codes(prefix: str, number: Array, seed: int) -> pa.Array:
    """Valid unified social credit codes, one to one with the numbers.

    Method: check characters of the organisation number (GB 11714) and of the whole code (GB 32100-2015).
    """
    values = np.zeros((len(number), USCC_LENGTH), dtype=np.int64)
    values[:, : len(prefix)] = [USCC_ALPHABET.index(character) for character in prefix]
    body = (number * STEP + seed * YEARLY_OFFSET) % USCC_MODULUS**BODY_LENGTH
    for place in range(BODY_LENGTH):
        values[:, len(prefix) + place] = body % USCC_MODULUS
        body //= USCC_MODULUS
    letters = np.frombuffer(USCC_ALPHABET.encode(), dtype=np.uint8)
    text = letters[values]
    text[:, USCC_LENGTH - 2] = _organisation_check(text[:, 8:16])
    values[:, USCC_LENGTH - 2] = np.searchsorted(letters, text[:, USCC_LENGTH - 2])
    text[:, USCC_LENGTH - 1] = letters[-uscc_remainder(list(values.T)) % USCC_MODULUS]
    return _strings(text)


def _organisation_check(characters: Array) -> Array:
    """Check character of an organisation number: 0-9, X for 10; letters count from A = 10 in the whole alphabet."""
    digits = np.where(characters < ord("A"), characters - ord("0"), characters - ord("A") + 10).astype(np.int64)
    check = (-(digits * np.array(ORGANISATION_WEIGHTS)).sum(axis=1)) % ORGANISATION_MODULUS
    letters: Array = np.frombuffer(b"0123456789X", dtype=np.uint8)[check]
    return letters


def _strings(text: Array) -> pa.Array:
    offsets = np.arange(0, text.size + 1, text.shape[1], dtype=np.int32)
    return pa.Array.from_buffers(
        pa.string(), len(text), [None, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(text))]
    )


def _parent_codes(chunk: Chunk, code: pa.Array) -> pa.Array:
    """Code of the parent: a unit of the chunk, or one outside the district that no source names."""
    parent, units = chunk.members.parent, chunk.units
    outside = credit_codes(OUTSIDE_PREFIX, units.number, chunk.plan.seed)
    inside = code.take(pa.array(np.maximum(parent, 0)))
    both = np.where(parent >= 0, inside.to_numpy(zero_copy_only=False), outside.to_numpy(zero_copy_only=False))
    return kept(pa.array(both), units.kind == LOCAL)
