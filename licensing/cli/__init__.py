"""The command ``licensing``: one file a command; the environment says which installation."""

from __future__ import annotations

from importlib import import_module
from typing import Final

import click

COMMANDS: Final = {
    "migrate": "database:migrate_command",
    "principal": "access:principal_group",
    "token": "access:token_group",
    "serve": "serve:serve_command",
    "sequencer": "sequencer:sequencer_command",
    "jobs": "jobs:jobs_command",
    "overdue": "overdue:overdue_command",
    "report": "report:report_command",
    "sign": "sign:sign_command",
    "verify": "verify:verify_command",
    "verify-ledger": "verify_ledger:verify_ledger_command",
    "export": "export:export_command",
    "ca": "authority:ca_group",
}


class _Lazy(click.Group):
    """Imports a command when it is called: signing needs no web server, and the ledger no PDF library."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        found = getattr(import_module(f"licensing.cli.{module}"), name)
        if not isinstance(found, click.Command):
            raise TypeError(cmd_name)
        return found


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="govdata", prog_name="licensing")
def main() -> None:
    """政务数据授权利用：时限、签名、备案、账本。Licensing of government data.

    \b
    退出码 / exit codes: 0 成立 done · 1 未预料的错误 unexpected · 2 输入有误 wrong input ·
    4 状态冲突 conflict · 5 没有权限 not permitted · 6 没有找到 not found ·
    7 账本有误或签名不成立 the ledger is damaged or a signature does not hold
    """
