"""``ckan govdata catalogue import|export``: a catalogue in the national form, by hand or by a job.

An import passes the same checks as the page and becomes a change that waits for review; nothing takes effect
here. Exit codes: 0 done, 2 wrong use, 3 refused (rows with errors), 4 the file cannot be read.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NoReturn

import click
from ckan import model
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from ckanext.govdata.catalogue.changes import current, jobs, service
from ckanext.govdata.catalogue.sheet import reading, writing
from licensing.core.errors import LicensingError, NotFound

WRONG_USE, REFUSED, UNREADABLE = 2, 3, 4
_STAGES: Final = {
    "read": "读取 / reading",
    "validate": "检查 / checking",
}
_COUNTS: Final = (("新增", "new"), ("修改", "changed"), ("不变", "unchanged"), ("错误", "errors"))
_SHOWN: Final = 20
"""Errors that are printed for people; ``--json`` and the marked sheet hold all of them."""


@click.group(short_help="目录导入导出 / the catalogue in the national form.")
def catalogue() -> None:
    """按国家目录编制格式导入、导出部门目录 / a department's catalogue in the national form."""


@catalogue.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--department", required=True, help="部门标识 / name of the department.")
@click.option("--as", "user", required=True, help="编目人员账号 / account of the compiler.")
@click.option("--cause", type=click.Choice(service.CAUSES), default="new", help="修改原因 / why it changes.")
@click.option("--submit", is_flag=True, help="检查通过后提交审核 / submit it for review when it passes.")
@click.option(
    "--errors",
    type=click.Path(dir_okay=False, path_type=Path),
    help="标出错误的表格 / the sheet with errors marked.",
)
@click.option("--json", "as_json", is_flag=True, help="机器可读 / for machines.")
def import_sheet(
    file: Path, department: str, user: str, cause: str, submit: bool, errors: Path | None, as_json: bool
) -> None:
    """导入 FILE,生成待审核的目录修改 / import FILE as a change that waits for review."""
    try:
        content = file.read_bytes()
    except OSError as error:
        _end(UNREADABLE, "文件读不出来。", f"The file cannot be read: {type(error).__name__}.", as_json)
    session = model.Session
    try:
        organization, compiler = _department(department), _compiler(user)
        change = service.upload(
            session,
            organization=organization,
            user=compiler,
            filename=file.name,
            content=content,
            cause=cause,
        )
        change_id = str(change.id)
        session.commit()
    except LicensingError as error:
        session.rollback()
        code = UNREADABLE if getattr(error, "status", 0) == 422 else WRONG_USE
        _end(code, error.zh, error.en, as_json)
    with _progress() as watch:
        jobs.perform(change_id, watch)
    change = service.get(session, change_id)
    if change.status == "checked" and submit:
        change = service.lock(session, change_id)
        service.take(session, change, "submit", compiler)
        session.commit()
    _tell(change, as_json)
    if change.objections and errors is not None:
        errors.write_bytes(_marked(content, change.objections))
    if change.status == "failed":
        raise SystemExit(UNREADABLE)
    if change.status == "refused":
        raise SystemExit(REFUSED)


@catalogue.command("export")
@click.argument("department")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="写到哪个文件 / where to.")
@click.option(
    "--lang", type=click.Choice(["zh", "en"]), default="zh", help="表头语言 / language of the form."
)
@click.option("--json", "as_json", is_flag=True, help="机器可读 / for machines.")
def export_sheet(department: str, out: Path | None, lang: str, as_json: bool) -> None:
    """导出 DEPARTMENT 的目录 / export the catalogue of DEPARTMENT."""
    try:
        organization = _department(department)
        entries = [one.document for one in current.of_department(model.Session, organization.id)]
        code = (organization.extras or {}).get("department_code", "")
        content = writing.catalogue(entries, writing.Department(organization.title, code), lang)
    except LicensingError as error:
        _end(WRONG_USE, error.zh, error.en, as_json)
    target = out or Path(f"catalogue-{organization.name}.xlsx")
    whole = target.with_name(f".{target.name}.part")
    try:
        whole.write_bytes(content)
        whole.replace(target)
    except OSError as error:
        _end(WRONG_USE, "文件写不进去。", f"The file cannot be written: {type(error).__name__}.", as_json)
    told = {
        "department": organization.name, "entries": len(entries), "file": str(target), "bytes": len(content)
    }  # fmt: skip
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        click.echo(f"{target}  {len(entries)} 条 / entries")


def _department(name: str) -> model.Group:
    found = model.Group.get(name)
    if found is None or not found.is_organization:
        raise NotFound("没有这个部门。", "There is no such department.")
    return found


def _compiler(name: str) -> model.User:
    found = model.User.get(name)
    if found is None or not found.is_active:
        raise NotFound("没有这个账号。", "There is no such account.")
    return found


def _tell(change: Any, as_json: bool) -> None:
    summary, objections = dict(change.summary or {}), change.objections or []
    if as_json:
        told = {
            "id": change.id, "state": change.status, "summary": summary, "errors": objections,
            "failure": change.failure if change.status == "failed" else None,
        }  # fmt: skip
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    if change.status == "failed":
        click.echo(f"{change.failure['zh']} {change.failure['en']}", err=True)
        return
    for one in objections[:_SHOWN]:
        click.echo(f"{one['row']}\t{one['column']}\t{one['zh']} {one['en']}", err=True)
    if len(objections) > _SHOWN:
        click.echo(f"… {len(objections)}", err=True)
    counts = [f"{zh} / {en} {summary.get(en, 0)}" for zh, en in _COUNTS]
    click.echo("  ".join([change.id, change.status, *counts]))


def _marked(content: bytes, objections: list[dict[str, Any]]) -> bytes:
    headers, rows = reading.rows_of(content)
    marked: dict[tuple[int, int], str] = {}
    for one in objections:
        place = (one["row"], one["at"])
        marked[place] = "\n".join(filter(None, (marked.get(place), one["zh"])))
    return writing.marked(rows, headers, marked, objections, "zh")


def _end(code: int, zh: str, en: str, as_json: bool) -> NoReturn:
    if as_json:
        click.echo(json.dumps({"error": {"zh": zh, "en": en}}, ensure_ascii=False))
    else:
        click.echo(f"{zh} {en}", err=True)
    raise SystemExit(code)


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
    """A bar for each stage on a terminal's standard error; silent elsewhere."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        tasks: dict[str, Any] = {}

        def watch(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(_STAGES.get(stage, stage), total=total or None)
            bar.update(tasks[stage], completed=done, total=total or None)

        yield watch
