"""Progress of long work on the error stream: a bar per stage and its time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn


@dataclass
class Stopwatch:
    """Seconds of each step, in order."""

    seconds: dict[str, float] = field(default_factory=dict)


class Reporter:
    """Shows one bar for a run and one for the steps of the running stage; silent where not interactive."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.stopwatch = Stopwatch()
        self._task: TaskID | None = None
        self._progress = Progress(
            SpinnerColumn(), TextColumn("{task.description:<28}"), BarColumn(),
            TextColumn("{task.completed:.0f}/{task.total:.0f}"), TimeElapsedColumn(), console=console, transient=True,
        )  # fmt: skip

    @contextmanager
    def running(self) -> Iterator[None]:
        """Show the bars while the block runs."""
        with self._progress:
            yield

    @contextmanager
    def stage(self, name: str, steps: int = 1) -> Iterator[None]:
        """Time one stage and show its steps."""
        self._task = self._progress.add_task(name, total=steps)
        started = time.perf_counter()
        yield
        self._progress.remove_task(self._task)
        self._task = None
        self.stopwatch.seconds[name] = time.perf_counter() - started
        self.console.print(f"  {name:<28} {self.stopwatch.seconds[name]:7.2f} s", highlight=False)

    def expect(self, steps: int) -> None:
        """Say how many steps the running stage has."""
        if self._task is not None:
            self._progress.update(self._task, total=steps)

    def tell(self, what: str) -> None:
        """Say what takes longer than usual, before it begins."""
        self.console.print(f"  {what}", highlight=False)

    def step(self, what: str) -> None:
        """Tell that one step of the running stage is done."""
        if self._task is not None:
            self._progress.update(self._task, advance=1, description=what)
