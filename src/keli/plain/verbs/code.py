"""keli code: industry codes for a file, and the training of a coder."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from keli.base.errors import ConfigurationError
from keli.model.catalogue import load_catalogue
from keli.plain.code import Columns, code_file, coder, told_of_codes, told_of_training, train_file

EDITIONS = (2011, 2017)
USAGE = "keli code units.csv --text scope --name name --out coded.csv"
TRAINING = "keli code --train coded.csv --text scope --name name --label code --model our.model"


def code(  # noqa: PLR0913, PLR0917 - one argument for each option of the verb
    file: Annotated[Path | None, typer.Argument(metavar="IN.csv", help="CSV file with a head; .gz allowed.")] = None,
    text: Annotated[str, typer.Option(help="Column of the business scope.")] = "scope",
    name: Annotated[str | None, typer.Option(help="Column of the firm's name.")] = None,
    out: Annotated[Path | None, typer.Option(help="CSV file to write.")] = None,
    model: Annotated[Path | None, typer.Option(help="A coder of your own; written with --train.")] = None,
    train: Annotated[Path | None, typer.Option(metavar="LABELLED.csv", help="Train on these coded rows.")] = None,
    label: Annotated[str | None, typer.Option(help="With --train: column of the code.")] = None,
    edition: Annotated[int, typer.Option(help="With --train: edition of the codes, 2011 or 2017.")] = 2017,
) -> None:
    """Find the industry of every row from its business scope and name.

    The classification is GB/T 4754-2017.

    \b
    keli code units.csv --text scope --name name --out coded.csv
    keli code --train coded_units.csv --text scope --name name --label code --model our.model
    keli code units.csv --text scope --name name --model our.model --out coded.csv
    """  # noqa: D301 - \b keeps the lines of the examples apart
    if train is not None:
        _train(train, Columns(text, name), model, label, edition)
        return
    if file is None or out is None:
        raise ConfigurationError("A file to code and --out are needed.", example=USAGE)
    if label is not None:
        raise ConfigurationError("--label belongs to --train.", example=TRAINING)
    catalogue = load_catalogue()
    with Console(stderr=True).status("reading the coder") as status:
        chosen = coder(model, catalogue, _say)
        done = code_file(
            file,
            out,
            Columns(text, name),
            model=chosen,
            catalogue=catalogue,
            tell=lambda rows: status.update(f"coding: {rows} rows"),
        )
    for line in told_of_codes(done):
        _say(line)


def _train(train: Path, columns: Columns, model: Path | None, label: str | None, edition: int) -> None:
    if model is None or label is None:
        raise ConfigurationError("Training needs --label and --model.", example=TRAINING)
    if edition not in EDITIONS:
        raise ConfigurationError(f"Keli knows no edition {edition} of GB/T 4754.", example="--edition 2011")
    with Console(stderr=True).status("training, about half a minute for 2,000 units"):
        done = train_file(train, model, columns, label=label, edition=edition, catalogue=load_catalogue())
    for line in told_of_training(done, edition):
        _say(line)


def _say(line: str) -> None:
    print(line, file=sys.stderr)  # noqa: T201 - data go to stdout, everything else to stderr
