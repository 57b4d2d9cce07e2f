"""The command ``anonymize``: one file a command; a policy file holds what could be options."""

from __future__ import annotations

from typing import Any

import click

from anonymize.cli.apply import apply_command
from anonymize.cli.assess import assess_command
from anonymize.cli.edge import plain_streams
from anonymize.cli.key import key_command
from anonymize.cli.lists import operators_command, recognizers_command
from anonymize.cli.restore import restore_command
from anonymize.cli.scan import scan_command
from anonymize.cli.suggest import suggest_command
from anonymize.cli.tagger import tagger_command
from anonymize.cli.text import text_command
from anonymize.cli.verify import verify_command


class _Command(click.Group):
    def main(self, *args: Any, **kwargs: Any) -> Any:
        # Before the first word, which may be that of --help.
        plain_streams()
        return super().main(*args, **kwargs)


@click.group(cls=_Command, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="govdata", prog_name="anonymize")
def main() -> None:
    """表格数据脱敏：识别、处理、评估。Find personal data in tables, make them anonymous, prove it.

    \b
    退出码 / exit codes: 0 完成 done · 2 用法有误 wrong use ·
    3 仍有个人信息，已拒绝 refused, personal data remain · 4 文件无法读取 input unreadable
    """


for command in (scan_command, suggest_command, apply_command, recognizers_command, operators_command):
    main.add_command(command)
main.add_command(text_command)
main.add_command(tagger_command)
main.add_command(assess_command)
main.add_command(verify_command)
main.add_command(restore_command)
main.add_command(key_command)
