"""The manual names everything that a user can meet, and every link leads somewhere."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

from keli.model.tables import TableSpec

LINK = re.compile(r"\[[^\]]*\]\((?P<target>[^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#+\s+(?P<title>.+)$", re.MULTILINE)
DECISION = ("## Context", "## Decision", "## Consequence")


@pytest.fixture(scope="module")
def pages(files: list[Path], root: Path) -> dict[Path, str]:
    """Every page of the manual and of the head of the project."""
    found = [path for path in files if path.suffix == ".md"]
    return {path.relative_to(root): path.read_text(encoding="utf-8") for path in found}


@pytest.fixture(scope="module")
def manual(pages: dict[Path, str]) -> str:
    """The text of docs/."""
    return "\n".join(text for path, text in pages.items() if path.parts[0] == "docs")


def anchor(title: str) -> str:
    """Return the anchor that a heading gets on the page."""
    kept = re.sub(r"[^\w\- ]", "", title.strip().lower().replace("`", ""))
    return kept.replace(" ", "-")


def dead_links(page: Path, text: str, root: Path) -> list[str]:
    """Return the relative links of a page that lead nowhere."""
    dead = []
    for match in LINK.finditer(FENCE.sub("", text)):
        target, _, heading = match["target"].partition("#")
        if "://" in target or target.startswith("mailto:"):
            continue
        place = (root / page).parent / target if target else root / page
        if not place.exists():
            dead.append(f"{page} -> {match['target']}")
        elif heading and place.suffix == ".md":
            titles = {anchor(m["title"]) for m in HEADING.finditer(place.read_text(encoding="utf-8"))}
            dead += [] if heading in titles else [f"{page} -> {match['target']}"]
    return dead


def verbs() -> dict[str, list[str]]:
    """Return the verbs of the command line with their long options."""
    cli = importlib.import_module("keli.cli")
    return {
        name: [option for p in cli.loaded(name).params for option in p.opts if option.startswith("--")]
        for name in cli.VERBS
    }


def test_every_link_leads_somewhere(pages: dict[Path, str], root: Path) -> None:
    assert [link for page, text in pages.items() for link in dead_links(page, text, root)] == []


def test_every_verb_and_option_is_in_the_manual(root: Path) -> None:
    page = (root / "docs" / "commands.md").read_text(encoding="utf-8")
    lacking = [f"keli {verb}" for verb in verbs() if f"keli {verb}" not in page]
    lacking += [f"{verb} {option}" for verb, options in verbs().items() for option in options if option not in page]
    assert lacking == []


def test_the_verbs_are_those_of_the_design() -> None:
    assert {"new", "check", "run", "table", "explain", "serve", "desk"} <= set(verbs())


def test_every_table_is_in_the_manual(manual: str, tables: dict[str, TableSpec]) -> None:
    assert [name for name in tables if f"`{name}`" not in manual] == []


def test_every_parameter_is_in_the_manual(manual: str) -> None:
    catalogue = importlib.import_module("keli.model.catalogue").load_catalogue()
    assert [name for name in catalogue.parameters if f"`{name}`" not in manual] == []


def test_the_catalogue_pages_are_up_to_date(root: Path) -> None:
    script = root / "docs" / "write_catalogue_pages.py"
    told = subprocess.run([sys.executable, str(script), "--check"], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr


def test_every_method_has_a_page(code: list[Path], pages: dict[Path, str], root: Path) -> None:
    folder = root / "src" / "keli" / "methods"
    methods = [path.stem for path in code if path.parent == folder and path.stem != "__init__"]
    told = {page.stem: text for page, text in pages.items() if page.parts[:2] == ("docs", "methods")}
    unnamed = [name for name in methods if name not in told and not any(f"`{name}`" in t for t in told.values())]
    assert methods
    assert unnamed == []


def test_every_page_is_reached_from_the_index(pages: dict[Path, str], root: Path) -> None:
    seen: set[Path] = set()
    waiting = [Path("docs/index.md")]
    while waiting:
        page = waiting.pop()
        seen.add(page)
        for match in LINK.finditer(pages[page]):
            place = (root / page.parent / match["target"].partition("#")[0]).resolve()
            target = place.relative_to(root) if place.is_relative_to(root) else page
            if target in pages and target not in seen:
                waiting.append(target)
    assert {str(page) for page in pages if page.parts[0] == "docs"} - {str(page) for page in seen} == set()


def test_every_decision_has_its_number_and_its_parts(pages: dict[Path, str]) -> None:
    decisions = sorted(page for page in pages if page.parts[:2] == ("docs", "decisions"))
    numbers = [int(page.name.split("-")[0]) for page in decisions]
    assert numbers == list(range(1, len(decisions) + 1))
    lacking = [f"{page}: {part}" for page in decisions for part in DECISION if part not in pages[page]]
    assert lacking == []


def test_every_target_of_make_is_in_the_manual(root: Path, pages: dict[Path, str]) -> None:
    phony = re.search(r"^\.PHONY: (.+)$", (root / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert phony is not None
    told = pages[Path("README.md")] + pages[Path("CONTRIBUTING.md")]
    assert [target for target in phony[1].split() if f"make {target}" not in told and target != "help"] == []


def test_readme_names_every_room(pages: dict[Path, str], root: Path) -> None:
    rooms = [path.name for path in (root / "src" / "keli").iterdir() if path.is_dir() and path.name != "__pycache__"]
    assert [room for room in rooms if f"{room}/" not in pages[Path("README.md")]] == []


def test_a_dead_link_is_found(tmp_path: Path) -> None:
    (tmp_path / "b.md").write_text("# One thing\n", encoding="utf-8")
    text = "[b](b.md) [c](c.md) [d](b.md#one-thing) [e](b.md#other) [f](https://example.org)\n```\n[x](y.md)\n```\n"
    assert dead_links(Path("a.md"), text, tmp_path) == ["a.md -> c.md", "a.md -> b.md#other"]
