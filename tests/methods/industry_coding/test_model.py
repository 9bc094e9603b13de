"""The coder: what official facts alone tell, what coded units add, the same bytes for the same units."""

from __future__ import annotations

import io
import json

import numpy as np
import pytest

from keli.base.errors import SourceError
from keli.methods.industry_coding.core import LEAST_OF_EACH
from keli.methods.industry_coding.facts import core_classes, official_facts, shipped_settings
from keli.methods.industry_coding.model import CodingModel, coded
from keli.methods.industry_coding.stored import model_bytes, model_of
from keli.methods.industry_coding.training import CodedUnits, folds, own_model, shipped_model
from keli.model.catalogue import Catalogue, load_catalogue

LINES = {
    "6513": ("应用软件开发；软件销售", "软件"),
    "0313": ("生猪养殖；生猪销售", "牧业"),
    "6110": ("旅游饭店；餐饮", "酒店"),
    "5437": ("普通货运；道路危险货物运输", "运输"),
}


def units_of(repeats: int) -> CodedUnits:
    rows = [(scope, name, code) for code, (scope, name) in LINES.items() for _ in range(repeats)]
    scopes, names, codes = zip(*rows, strict=True)
    return CodedUnits(scopes, names, [code if code != "5437" else "54" for code in codes])


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture(scope="module")
def shipped(catalogue: Catalogue) -> CodingModel:
    return shipped_model(catalogue)


@pytest.mark.parametrize(
    ("scope", "name", "division"),
    [
        ("软件开发；信息系统集成服务；货物进出口", "", "65"),
        ("生猪养殖", "", "03"),
        ("集成电路制造", "某某微电子有限公司", "39"),
        ("兴办实业（具体项目另行申报）；国内贸易", "某某装饰有限公司", "50"),
        ("商业银行服务", "某某银行股份有限公司", "66"),
    ],
)
def test_official_facts_alone_know_clear_cases(
    shipped: CodingModel, catalogue: Catalogue, scope: str, name: str, division: str
) -> None:
    found = coded(shipped, [scope], [name], core_classes(catalogue))
    assert found.ranked[0, 0][:2] == division


def test_five_different_codes_and_three_divisions(shipped: CodingModel, catalogue: Catalogue) -> None:
    found = coded(shipped, ["软件开发；生猪养殖"], [""], core_classes(catalogue))
    assert len(set(found.ranked[0])) == 5
    assert len({code[:2] for code in found.ranked[0, :3]}) == 3
    assert all(code in catalogue.gbt and len(code) == 4 for code in found.ranked[0])


def test_shares_are_probabilities_and_the_class_is_no_surer_than_its_division(
    shipped: CodingModel, catalogue: Catalogue
) -> None:
    found = coded(shipped, ["软件开发", "生猪养殖"], ["", ""], core_classes(catalogue))
    assert found.division_shares.sum(axis=1).tolist() == pytest.approx([1, 1], abs=1e-5)
    assert (found.class_probability <= found.probability).all()
    assert found.core_probability[0] > 0.9
    assert found.core_probability[1] < 0.2


def test_text_without_words_is_told_apart(shipped: CodingModel, catalogue: Catalogue) -> None:
    found = coded(shipped, ["12345", "", "软件"], ["", "有限公司", ""], core_classes(catalogue))
    assert found.told.tolist() == [False, False, True]


def test_the_first_segment_is_the_main_business(shipped: CodingModel, catalogue: Catalogue) -> None:
    found = coded(shipped, ["生猪养殖；软件开发", "软件开发；生猪养殖"], ["", ""], core_classes(catalogue))
    farming = found.division_shares[:, found.divisions.index("03")]
    assert farming[0] > farming[1]
    assert found.core_probability[1] > found.core_probability[0]


def test_coded_units_beside_the_facts(catalogue: Catalogue) -> None:
    own = own_model(units_of(15), catalogue)
    found = coded(own, ["应用软件开发", "普通货运"], ["", ""], core_classes(catalogue))
    assert found.ranked[0, 0] == "6513"
    assert found.ranked[1, 0][:2] == "54"
    assert own.origin.units == 60


def test_the_same_units_give_the_same_bytes_and_bytes_the_same_codes(catalogue: Catalogue) -> None:
    first, second = own_model(units_of(15), catalogue), own_model(units_of(15), catalogue)
    assert model_bytes(first) == model_bytes(second)
    core, texts = core_classes(catalogue), ["软件；餐饮", "道路货运"]
    fresh, read = (coded(model, texts, ["", ""], core) for model in (first, model_of(model_bytes(first))))
    assert fresh.ranked.tolist() == read.ranked.tolist()
    assert fresh.probability.tolist() == read.probability.tolist()
    assert fresh.core_probability.tolist() == read.core_probability.tolist()


def test_bytes_that_are_no_model_are_refused() -> None:
    with pytest.raises(SourceError, match="not an industry coder"):
        model_of(b"PK\x03\x04 something else")


def test_a_model_of_another_form_is_refused(catalogue: Catalogue) -> None:
    with np.load(io.BytesIO(model_bytes(own_model(units_of(15), catalogue)))) as stored:
        parts = {name: stored[name] for name in stored.files}
    head = json.loads(parts["head"].tobytes()) | {"format": "another"}
    changed = io.BytesIO()
    np.savez(changed, **(parts | {"head": np.frombuffer(json.dumps(head).encode(), np.uint8)}))
    with pytest.raises(SourceError, match="not an industry coder"):
        model_of(changed.getvalue())


def test_few_units_are_as_reliable_as_the_shipped_coder(shipped: CodingModel, catalogue: Catalogue) -> None:
    few = own_model(units_of(5), catalogue)
    assert few.origin.units == 20
    assert few.reliability.stated.tolist() == shipped.reliability.stated.tolist()
    assert few.reliability.right.tolist() == shipped.reliability.right.tolist()


def test_facts_are_official_and_every_division_has_one(catalogue: Catalogue) -> None:
    facts = official_facts(catalogue)
    assert {code[:2] for code in facts.codes} == {code.code for code in catalogue.gbt.at_level("division")}
    assert facts.texts.index("谷物种植") >= 0
    assert len(facts.texts) == len(facts.codes) == len(facts.scope_weights)


def test_folds_hold_every_row_once() -> None:
    parts = folds(23)
    assert sorted(np.concatenate(parts).tolist()) == list(range(23))
    assert {len(part) for part in parts} == {4, 5}


@pytest.fixture(scope="module")
def own_of_many(catalogue: Catalogue) -> CodingModel:
    return own_model(units_of(LEAST_OF_EACH), catalogue)


def test_with_units_enough_on_both_sides_the_core_is_learnt_directly(
    own_of_many: CodingModel, catalogue: Catalogue
) -> None:
    assert own_of_many.core.scope_weights.any()
    classes = core_classes(catalogue)
    shares = {
        code: coded(own_of_many, [scope], [name], classes).core_probability[0] for code, (scope, name) in LINES.items()
    }
    assert shares["6513"] > 0.5
    assert max(share for code, share in shares.items() if code != "6513") < 0.5


def test_with_few_units_the_classes_alone_tell_the_core(catalogue: Catalogue) -> None:
    own = own_model(units_of(8), catalogue)
    assert not own.core.scope_weights.any()


def test_what_the_shipped_coder_is_made_from_is_every_parameter_of_coding(catalogue: Catalogue) -> None:
    told = json.loads(shipped_settings(catalogue))
    assert len(told) == 6
    assert told[2] == catalogue.parameter("coding/industry_words").at(2021)
