"""``govdata doctor``."""

from __future__ import annotations

import click

from ckanext.govdata.embedded import doctor as checks
from ckanext.govdata.embedded.home import locate
from ckanext.govdata.embedded.messages import Message

from .console import Terminal

_ERRORS_FOUND = 1


@click.command()
@click.option("--json", "as_json", is_flag=True, help="机器可读 / for machines.")
@click.pass_context
def doctor(ctx: click.Context, as_json: bool) -> None:
    """检查本机和各服务,并说明如何解决;退出码 1 表示有错误 / what is wrong and how to mend it."""
    terminal: Terminal = ctx.obj
    findings = checks.examine(locate())
    if as_json:
        click.echo(checks.as_json(findings))
    else:
        _print(terminal, findings)
    ctx.exit(_ERRORS_FOUND if any(finding.level == "error" for finding in findings) else 0)


def _print(terminal: Terminal, findings: list[checks.Finding]) -> None:
    if not findings:
        terminal.say(Message("✓ 一切正常。", "✓ All is well."), style="bold green")
    for finding in findings:
        sign, style = ("✗", "bold red") if finding.level == "error" else ("!", "yellow")
        terminal.say(Message(f"{sign} {finding.message.zh}", f"{sign} {finding.message.en}"), style=style)
        terminal.say(Message(f"    → {finding.mend.zh}", f"    → {finding.mend.en}"))
