"""``anonymize restore``: turn back what an agreement's policy encrypted, for the holder of its key."""

from __future__ import annotations

from pathlib import Path

import click

from anonymize.cli.edge import guarded
from anonymize.cli.keys import takes_keys
from anonymize.cli.policy_file import read_policy
from anonymize.cli.source import Reading, reads_a_source
from anonymize.cli.unnamed import Unnamed, spare
from anonymize.keys import KeyRing
from anonymize.restore import restore
from anonymize.writers import FieldSpec, open_writer


@click.command("restore")
@reads_a_source
@click.option(
    "--policy",
    "policy_file",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="当时所用的方案。The policy that was carried out.",
)
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="还原结果（CSV，仅所有者可读）。The restored table (CSV, readable by its owner only).",
)
@takes_keys
@guarded
def restore_command(reading: Reading, policy_file: Path, out: Path, keys: KeyRing) -> None:
    """按协议的密钥还原 fpe 加密的列。

    Restore the columns that fpe encrypted, with the agreement's key. The result is personal data again.
    """
    table = reading.open()
    policy = read_policy(policy_file)
    spare([reading.path, policy_file], [out])
    # Personal data again: nobody else may read it, and nothing of it stays when the run is stopped.
    with Unnamed(out, 0o600) as file:
        sink = open_writer("csv", file.stream, [FieldSpec(name) for name in table.columns])
        rows = restore(table, policy, [sink], keys)
        file.keep()
    click.echo(f"已还原 {rows} 行 / {rows} rows restored")
