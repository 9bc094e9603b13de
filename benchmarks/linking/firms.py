"""Firms five years apart, made from real names and addresses: renamed and moved in stated shares, with strangers.

No public file here has the same Chinese firms five years apart. This one changes real firms the way firms change: new
core names, new trade words, groups, places dropped; new doors, rooms, roads, districts, cities; addresses written anew.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

# Firms that take a new name move more often: the exact comparison then finds what it finds among real listed firms.
RENAMED, MOVED_RENAMED, MOVED_OTHERS = 0.23, 0.85, 0.59
TRADES = (
    "科技",
    "智能科技",
    "信息技术",
    "新材料",
    "新能源",
    "环保科技",
    "生物科技",
    "医药",
    "控股",
    "文化传媒",
    "实业",
    "能源",
    "健康",
    "数字科技",
    "电子",
    "装备",
)
FORM = re.compile(r"(股份有限公司|有限责任公司|有限公司)$")
TRADE = re.compile(
    r"^(.{2,5}?)((?:科技|技术|生物|信息|材料|环保|电子|药业|工程|发展|文化|电气|能源|设备|智能|光电|医疗|软件|网络|食品|机械|装备|传媒|医药|实业|投资|贸易|塑胶|制品|五金|新)+)$"
)
NUMBER = re.compile(r"(\d+)号")
ROAD = re.compile(r"(?<=[区县市镇园])([^区县市镇园\d]{2,6}(?:大道|大街|路|街))")


@dataclass(frozen=True)
class Firm:
    """A real firm."""

    name: str
    address: str
    city: str


def firms_of(data: Path, source: str) -> list[Firm]:
    """Real firms, one for each name: of the third board (all provinces) or of Shenzhen's register."""
    path = {"neeq": "autocoder/neeq_scope_industry_linked.csv.gz", "register": "register/register_shenzhen.csv.gz"}[
        source
    ]
    frame = pd.read_csv(data / path, dtype=str).dropna(subset=["name", "address"]).drop_duplicates("name")
    frame = frame[frame.name.str.contains("有限公司$") & (frame.address.str.len() >= 8)]
    return [Firm(*row) for row in frame[["name", "address", "city"]].fillna("").itertuples(index=False)]


def cores_of(data: Path) -> list[str]:
    """Short names of three or four characters."""
    lexicon = pd.read_csv(
        data / "linkage" / "company_short_forms_lexicon.txt.gz",
        header=None,
        sep="\t",
        dtype=str,
        encoding="utf-8-sig",
        quoting=3,
    )
    names = lexicon[0].dropna()
    return sorted(names[names.str.fullmatch(r"[\u4e00-\u9fff]{2,4}")])[::7]


def five_years_apart(
    firms: Sequence[Firm], elsewhere: Sequence[Firm], cores: Sequence[str], seed: int
) -> tuple[pd.DataFrame, pd.DataFrame, set[tuple[str, str]]]:
    """A left and a right file of firms, and the pairs that are the same firm.

    Movers go to addresses of `elsewhere`. Of the firms 80 % are in both files, 8 % in the left alone, 12 % in the
    right alone.
    """
    draw, free = random.Random(seed), list(elsewhere)
    left, right, truth = [], [], set()
    for number, firm in enumerate(firms):
        fate = draw.random()
        one, two = f"L{number}", f"R{draw.randrange(10**9)}-{number}"
        if fate < 0.88:
            left.append((one, firm.name, firm.address))
        if fate < 0.80 or fate >= 0.88:
            renamed = draw.random() < RENAMED
            name = _renamed(firm, cores, draw) if renamed else firm.name
            moved = draw.random() < (MOVED_RENAMED if renamed else MOVED_OTHERS)
            address = _moved(firm, free, draw) if moved else firm.address
            right.append((two, name, address))
        if fate < 0.80:
            truth.add((one, two))
    draw.shuffle(right)
    columns = ["id", "name", "address"]
    return pd.DataFrame(left, columns=columns), pd.DataFrame(right, columns=columns), truth


def _renamed(firm: Firm, cores: Sequence[str], draw: random.Random) -> str:
    """Another name for a firm: another core, another trade, place dropped, group, core changed in part."""
    form = (FORM.search(firm.name) or [""])[0]
    body = FORM.sub("", firm.name)
    place = next(
        (
            body[:k]
            for k in (3, 2)
            if firm.city and body[:2] == firm.city[:2] and body[:k][-1] in (firm.city[1:2], "市") and "(" not in body
        ),
        "",
    )
    stem = body[len(place) :]
    parts = TRADE.match(stem)
    core, trade = (parts[1], parts[2]) if parts else (stem[: max(2, len(stem) - 2)], stem[max(2, len(stem) - 2) :])
    kind = draw.random()
    if kind < 0.35:
        return place + draw.choice(cores) + (trade if draw.random() < 0.4 else draw.choice(TRADES)) + form
    if kind < 0.60:
        return (place if draw.random() < 0.5 else "") + core + draw.choice(TRADES) + form
    if kind < 0.75:
        return core + trade + draw.choice(("", "集团")) + form
    if kind < 0.85:
        return place + core + trade + "集团" + form
    return place + core[:2] + draw.choice(cores)[:1] + (trade if draw.random() < 0.5 else draw.choice(TRADES)) + form


def _moved(firm: Firm, elsewhere: list[Firm], draw: random.Random) -> str:
    """Another address for a firm: written anew, another room or door, another road of the city, another city."""
    kind = draw.random()
    if kind < 0.35:
        return _rewritten(firm.address, draw)
    if kind < 0.42:
        return NUMBER.sub(lambda found: f"{int(found[1][:6]) + draw.choice((2, 8, 20))}号", firm.address, count=1)
    if kind < 0.90:
        near = [draw.choice(elsewhere) for _ in range(200)]
        return _taken(next((one for one in near if one.city == firm.city), near[0]), elsewhere)
    return _taken(draw.choice(elsewhere), elsewhere)


def _taken(one: Firm, elsewhere: list[Firm]) -> str:
    """The address of a firm, which no other moves to."""
    elsewhere.remove(one)
    return one.address


def _rewritten(address: str, draw: random.Random) -> str:
    """The same place in other words."""
    kind = draw.random()
    if kind < 0.25:
        return re.sub(r"^(.{2,3}省|广东省)", "", address) if "省" in address[:5] else "中国" + address
    if kind < 0.5:
        return re.sub(r"(\d+[A-Z]?(?:室|房|层|楼).*)$", f"{draw.randrange(1, 30)}层", address)
    if kind < 0.7:
        return re.sub(
            r"([区县])",
            lambda found: (
                found[1]
                + draw.choice(("新城", "高新", "东湖", "南山"))
                + "街道"
                + draw.choice(("滨海", "科技园", "新村"))
                + "社区"
            ),
            address,
            count=1,
        )
    if kind < 0.85:
        return re.sub(r"(号).*$", r"\1", address)
    return (
        re.sub(r"^[^区县]{2,9}[区县]", lambda found: found[0][:3], address)
        if draw.random() < 0.5
        else address.replace("号", " 号 ").replace("栋", "号楼")
    )
