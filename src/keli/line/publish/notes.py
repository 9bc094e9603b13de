"""Notes and footnotes that a release carries wherever its figures go."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from keli.model.catalogue import Catalogue
from keli.model.workspace import Workspace

FINAL_STAGES = ("最终核实", "普查修订")


def release_notes(workspace: Workspace, catalogue: Catalogue) -> list[str]:
    """Return what the figures are not: synthetic, not a census, without groups, not applicable, not yet safe.

    Args:
        workspace: The settings.
        catalogue: Facts, with the workspace's own.
    """
    without_code = "、".join(catalogue.not_applicable())
    left_out = "、".join(source.name for source in workspace.sources if source.consolidated)
    stated = (
        (workspace.synthetic, "SYNTHETIC 合成数据：单位和数值均为虚构，不反映任何真实单位。"),
        (
            not workspace.census,
            "Not a census 非全面数据：来源不覆盖全部单位，合计不代表全区总量，不公布占地区生产总值比重。",
        ),
        (left_out, f"合并报表单位（{left_out}）不计入区合计 consolidated groups are left out of district totals."),
        (catalogue.plates, "板块由使用者定义，没有公布的统计定义 plates are defined by the user, not by a standard."),
        (
            without_code,
            f"{without_code} 无对应行业代码，不适用，增加值为空 no industry code: not applicable, no value added.",
        ),
        (True, "未做次级抑制，被抑制的数值可能被推算，不得对外提供 secondary suppression: none; not for release."),
    )
    return [note for holds, note in stated if holds] + list(workspace.notes)


def release_footnotes(workspace: Workspace, value_added: pa.Table) -> list[str]:
    """Return the price basis, base years, the vintage and the rounding residual, as yearbooks state them.

    Args:
        workspace: The settings.
        value_added: The open table value_added.
    """
    bases = sorted(set(pc.unique(_constant_prices(value_added)).to_pylist()) - {None})
    stated = (
        (bases, "绝对额按现价计算，增长速度按不变价格计算；另列现价增速的，价格口径为 V。"),
        (not bases, "绝对额和增长速度按现价计算，未扣除价格因素。"),
        (bases, f"不变价格基期：{'、'.join(bases)} 年。"),
        (workspace.stage not in FINAL_STAGES, f"数据为{workspace.stage}数，以后可能修订。"),
        (True, "部分数据分项合计与总计不等，系数值修约误差所致，未作机械调整。"),
    )
    return [note for holds, note in stated if holds]


def _constant_prices(value_added: pa.Table) -> pa.ChunkedArray:
    """Base years of value added at constant prices."""
    rows = value_added.filter(pc.and_(pc.equal(value_added["measure"], "VA"), pc.equal(value_added["price_base"], "Q")))
    return rows.column("base_period")
