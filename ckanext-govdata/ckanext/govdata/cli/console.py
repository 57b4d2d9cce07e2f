"""What a person sees: stages, one progress bar, messages in their language."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from ckanext.govdata.embedded.messages import Message


class Terminal:
    """Draws the stages of ``up`` with their times; plain lines where the output is no terminal."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self.console = Console(highlight=False, soft_wrap=True)
        self.errors = Console(stderr=True, highlight=False, soft_wrap=True)

    def say(self, message: Message, style: str = "") -> None:
        """One line to the reader."""
        self.console.print(message.within(self.lang), style=style, markup=False)

    def complain(self, message: Message) -> None:
        """One line to the reader on standard error."""
        self.errors.print(message.within(self.lang), style="bold red", markup=False)

    def warn(self, message: Message) -> None:
        """Something is amiss, and the work goes on."""
        self.errors.print(f"! {message.within(self.lang)}", style="yellow", markup=False)

    @contextmanager
    def stage(self, title: Message) -> Iterator[None]:
        """A stage without a measure."""
        begun = time.monotonic()
        text = title.within(self.lang)
        if self.console.is_terminal:
            with self.console.status(text):
                yield
        else:
            self.console.print(f"… {text}", markup=False)
            yield
        self._done(text, begun)

    @contextmanager
    def bytes(self, title: Message, total: int) -> Iterator[Callable[[int], None]]:
        """A stage measured in bytes."""
        begun = time.monotonic()
        text = title.within(self.lang)
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            DownloadColumn(),
            TransferSpeedColumn(),
            TimeRemainingColumn(),
        )
        if not self.console.is_terminal:
            self.console.print(f"… {text}:{total / 1e6:.0f} MB", markup=False)
        with Progress(*columns, console=self.console, transient=True) as bar:
            task = bar.add_task(text, total=total)
            yield lambda count: bar.advance(task, count)
        self._done(text, begun)

    def _done(self, text: str, begun: float) -> None:
        self.console.print(f"[green]✓[/green] {text}  [dim]{time.monotonic() - begun:.1f} s[/dim]")
