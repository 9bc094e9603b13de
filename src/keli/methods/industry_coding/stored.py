"""Coding models as bytes: arrays and a JSON head, never code, so that a file of unknown origin can do no harm."""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from dataclasses import asdict
from typing import Any

import numpy as np
import scipy.sparse as sp

from keli.base.errors import Place, SourceError
from keli.methods.industry_coding.calibration import Reliability
from keli.methods.industry_coding.core import CoreModel
from keli.methods.industry_coding.features import Vocabulary
from keli.methods.industry_coding.linear import LinearModel
from keli.methods.industry_coding.model import CodingModel, Origin
from keli.methods.industry_coding.profiles import Profiles
from keli.methods.industry_coding.wording import Wording

FORMAT = "keli industry coder 2"
SHIPPED_CODER = "industry_coder"
"""Name under which the shipped coder is kept between runs."""
SHIPPED_TRAINING = "training the industry coder from official facts: some ten seconds, once"


def model_bytes(model: CodingModel) -> bytes:
    """The bytes of a model; the same model gives the same bytes.

    Args:
        model: The model.
    """
    linear, profiles = model.linear, model.profiles
    head = {
        "format": FORMAT,
        "origin": asdict(model.origin),
        "wording": asdict(model.wording),
        "divisions": linear.divisions,
        "sections": model.sections,
        "classes": profiles.classes,
        "pull": model.pull,
        "division_temperature": model.division_temperature,
        "class_temperature": model.class_temperature,
        "core": (model.core.shift, model.core.slope),
    }
    arrays = {
        "head": np.frombuffer(json.dumps(head, ensure_ascii=False, sort_keys=True).encode(), np.uint8),
        "scope_buckets": linear.scope_vocabulary.buckets.astype(np.uint32),
        "scope_rarity": linear.scope_vocabulary.rarity,
        "scope_weights": linear.scope_weights.astype(np.float16),
        "name_buckets": linear.name_vocabulary.buckets.astype(np.uint32),
        "name_rarity": linear.name_vocabulary.rarity,
        "name_weights": linear.name_weights.astype(np.float16),
        "intercept": linear.intercept,
        "profile_values": profiles.means.data.astype(np.float16),
        "profile_columns": profiles.means.indices.astype(np.uint32),
        "profile_rows": profiles.means.indptr.astype(np.uint32),
        "prior": profiles.prior,
        "stated": model.reliability.stated,
        "right": model.reliability.right,
        "core_scope": model.core.scope_weights,
        "core_name": model.core.name_weights,
    }
    target = io.BytesIO()
    np.savez_compressed(target, allow_pickle=False, **arrays)
    return target.getvalue()


BROKEN = (
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
)


def model_of(contents: bytes, where: Place | None = None) -> CodingModel:
    """The model of bytes.

    Args:
        contents: Bytes that `model_bytes` made.
        where: The file that they come from.

    Raises:
        SourceError: They are something else.
    """
    try:
        with np.load(io.BytesIO(contents), allow_pickle=False) as stored:
            return _model({name: stored[name] for name in stored.files})
    except BROKEN as problem:
        raise SourceError(
            "The file is not an industry coder of this version of Keli, or it is damaged.",
            where=where,
            example="keli code --train coded.csv --text scope --name name --label code --model our.model",
            next_step="Train it again.",
        ) from problem


def _model(stored: dict[str, Any]) -> CodingModel:
    head = json.loads(stored["head"].tobytes())
    if head["format"] != FORMAT:
        raise KeyError(FORMAT)
    wording = head["wording"]
    scope = Vocabulary(stored["scope_buckets"].astype(np.int64), stored["scope_rarity"])
    name = Vocabulary(stored["name_buckets"].astype(np.int64), stored["name_rarity"])
    means = sp.csr_matrix(
        (stored["profile_values"].astype(np.float32), stored["profile_columns"], stored["profile_rows"]),
        shape=(len(head["classes"]), len(scope.buckets)),
    )
    linear = LinearModel(
        tuple(head["divisions"]),
        scope,
        name,
        stored["scope_weights"].astype(np.float32),
        stored["name_weights"].astype(np.float32),
        stored["intercept"],
    )
    return CodingModel(
        wording=Wording(tuple(wording["boilerplate"]), tuple(wording["forms"]), wording["decay"], wording["floor"]),
        linear=linear,
        sections=tuple(head["sections"]),
        profiles=Profiles(tuple(head["classes"]), means, stored["prior"]),
        pull=(head["pull"][0], head["pull"][1]),
        division_temperature=head["division_temperature"],
        reliability=Reliability(stored["stated"], stored["right"]),
        class_temperature=head["class_temperature"],
        core=CoreModel(stored["core_scope"], stored["core_name"], *head["core"]),
        origin=Origin(**head["origin"]),
    )
