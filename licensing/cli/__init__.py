"""The command ``licensing``: one file a command; the environment says which installation (``setup``)."""

from __future__ import annotations

import click

from licensing.cli.access import principal_group, token_group
from licensing.cli.authority import ca_group
from licensing.cli.database import migrate_command
from licensing.cli.export import export_command
from licensing.cli.overdue import overdue_command
from licensing.cli.report import report_command
from licensing.cli.sequencer import sequencer_command
from licensing.cli.serve import serve_command
from licensing.cli.sign import sign_command
from licensing.cli.verify import verify_command
from licensing.cli.verify_ledger import verify_ledger_command


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="govdata", prog_name="licensing")
def main() -> None:
    """政务数据授权利用：时限、签名、备案、账本。Licensing of government data.

    \b
    退出码 / exit codes: 0 成立 done · 1 未预料的错误 unexpected · 2 输入有误 wrong input ·
    4 状态冲突 conflict · 5 没有权限 not permitted · 6 没有找到 not found ·
    7 账本有误或签名不成立 the ledger is damaged or a signature does not hold
    """


for command in (
    migrate_command, principal_group, token_group, serve_command, sequencer_command, overdue_command,
    report_command, sign_command, verify_command, verify_ledger_command, export_command, ca_group,
):  # fmt: skip
    main.add_command(command)
