"""``govdata``: one file a command; errors become one sentence and an exit code here."""

from __future__ import annotations

import sys

import click

from ckanext.govdata.embedded.errors import StackError
from ckanext.govdata.embedded.messages import language

from .backup import backup
from .console import Terminal
from .demo import demo_files
from .destroy import destroy
from .doctor import doctor
from .down import down
from .exec import execute
from .jars import jars
from .logs import logs
from .restart import restart
from .restore import restore
from .status import status
from .trace import door
from .up import up
from .within import catalogue


class Mended(click.Group):
    """Turns an error of the stack into a sentence and its exit code: no stack trace for an operator."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except StackError as error:
            terminal = ctx.obj if isinstance(ctx.obj, Terminal) else Terminal(language())
            terminal.complain(error.message)
            ctx.exit(error.exit_code)


@click.group(cls=Mended, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--lang", type=click.Choice(["zh", "en"]), help="Language of messages; default from LANG. 提示语言。"
)
@click.pass_context
def cli(ctx: click.Context, lang: str | None) -> None:
    """政务数据开放平台本地运行环境 / the local stack of the government data portal."""
    ctx.obj = Terminal(language(lang))


for command in (
    demo_files,
    catalogue,
    up,
    down,
    door,
    restart,
    status,
    doctor,
    logs,
    execute,
    jars,
    destroy,
    backup,
    restore,
):
    cli.add_command(command)


def main() -> None:
    """Entry point of the console script."""
    try:
        cli()
    except KeyboardInterrupt:
        sys.exit(130)
