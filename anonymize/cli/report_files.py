"""The options that write the evidence of a run: JSON for machines, a page and a PDF for the reviewer."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

import click

from anonymize.cli.unnamed import Unnamed
from anonymize.report import Report

_FILE = click.Path(dir_okay=False, path_type=Path)


@dataclass(frozen=True, slots=True)
class ReportFiles:
    """Where each form of the report goes; None where it was not asked for."""

    json: Path | None
    html: Path | None
    pdf: Path | None

    @property
    def page(self) -> Path | None:
        """The page, which stands beside the JSON unless it has a place of its own."""
        return self.html or (None if self.json is None else self.json.with_suffix(".html"))

    @property
    def all(self) -> tuple[Path, ...]:
        """Every file that will be written."""
        return tuple(path for path in (self.json, self.page, self.pdf) if path is not None)

    def prepare(self) -> None:
        """See that every file can be written before anything is: outputs without their evidence are worth
        nothing. OSError where one cannot."""
        for path in self.all:
            path.parent.mkdir(parents=True, exist_ok=True)
            with Unnamed(path):
                pass

    def write(self, report: Report, opened: ExitStack) -> list[Unnamed]:
        """Write what was asked for, without its names yet; ``opened`` closes the files."""
        contents: list[tuple[Path, bytes]] = []
        if self.json is not None:
            contents.append((self.json, report.to_json().encode()))
        if self.page is not None:
            contents.append((self.page, report.to_html("zh").encode()))
        if self.pdf is not None:
            contents.append((self.pdf, report.to_pdf("zh")))
        files = []
        for path, content in contents:
            files.append(opened.enter_context(Unnamed(path)))
            files[-1].stream.write(content)
        return files


def writes_reports(command: Callable[..., Any]) -> Callable[..., Any]:
    """Gives a command ``--report``, ``--report-html`` and ``--report-pdf``, as one argument ``reports``."""

    @click.option(
        "--report",
        "report_json",
        type=_FILE,
        help="报告（JSON；同名 .html 一并写出）。Report (JSON, and .html beside it).",
    )
    @click.option("--report-html", type=_FILE, help="可打印的报告页。Report as a printable page.")
    @click.option("--report-pdf", type=_FILE, help="报告（PDF）。Report as a PDF.")
    @wraps(command)
    def run(
        *args: Any, report_json: Path | None, report_html: Path | None, report_pdf: Path | None, **kwargs: Any
    ) -> Any:
        return command(*args, reports=ReportFiles(report_json, report_html, report_pdf), **kwargs)

    return run  # fmt: skip
