"""``anonymize assess``: the re-identification risk of a file as it stands."""

from __future__ import annotations

import json
from pathlib import Path

import click
import polars as pl

from anonymize.assessment import Assessment, assess
from anonymize.cli.edge import guarded, progress_bar
from anonymize.cli.policy_file import read_policy
from anonymize.cli.source import Reading, reads_a_source
from anonymize.errors import PersonalDataRemain, WrongUse
from anonymize.policy import Policy
from anonymize.readers import open_table
from anonymize.risk.bounds import Bounds
from anonymize.risk.grade import GRADES
from anonymize.risk.mosaic import Earlier

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("assess")
@reads_a_source
@click.option("--policy", "policy_file", type=_FILE, help="产生该文件的方案。The policy that made the file.")
@click.option("--quasi", help="准标识符，以逗号分隔。Quasi-identifiers, separated by commas.")
@click.option("--sensitive", default="", help="敏感列，以逗号分隔。Sensitive columns, separated by commas.")
@click.option("--k", "k", type=click.IntRange(1), help="每组至少的行数。Rows of a group, at least.")
@click.option("--propose", is_flag=True, help="给出损失最小的泛化。Say which generalisation loses least.")
@click.option(
    "--against",
    multiple=True,
    type=_FILE,
    help="已公开的文件，可多次。A file that is public; may be repeated.",
)
@click.option(
    "--population", type=_FILE, help="总体文件（同样泛化）。The population, generalised in the same way."
)
@click.option("--json", "as_json", is_flag=True, help="机器可读的输出。Machine-readable output.")
@guarded
def assess_command(
    reading: Reading,
    policy_file: Path | None,
    quasi: str | None,
    sensitive: str,
    k: int | None,
    propose: bool,
    against: tuple[Path, ...],
    population: Path | None,
    as_json: bool,
) -> None:
    """评估文件现状的重标识风险，不显示任何单元格；超出限值时退出码为 3。

    The re-identification risk of a file as it stands, without showing a cell. Exit code 3 when people can be
    read in it, or the risk is above the bound (the policy's, or k = 5).
    """
    if policy_file is not None and quasi is not None:
        raise WrongUse("--policy 与 --quasi 只能选一个。", "Give either --policy or --quasi.")
    policy = None if policy_file is None else read_policy(policy_file)
    earlier = [Earlier(path.name, _whole(path)) for path in against]
    with progress_bar() as progress:
        found = assess(
            reading.open(),
            _names(quasi),
            _names(sensitive) or (),
            bounds=_bounds(policy, k),
            policy=policy,
            propose=propose,
            against=earlier,
            population=None if population is None else _whole(population),
            progress=progress,
        )
    if as_json:
        click.echo(json.dumps(found.as_dict(), ensure_ascii=False, indent=2))
    else:
        _show(found)
    if not found.acceptable:
        raise PersonalDataRemain(
            "该文件不宜公开：{grade}。", "this file should not be public: {grade_en}.",
            grade=GRADES[found.grade].zh, grade_en=GRADES[found.grade].en,
        )  # fmt: skip


def _names(text: str | None) -> list[str] | None:
    if text is None:
        return None
    return [name for part in text.replace("，", ",").split(",") if (name := part.strip())]


def _bounds(policy: Policy | None, k: int | None) -> Bounds | None:
    if k is None:
        return None
    return Bounds(k) if policy is None else Bounds(k, policy.l, policy.t)


def _whole(path: Path) -> pl.DataFrame:
    return pl.concat(open_table(path).batches())


def _show(found: Assessment) -> None:
    risk, held = found.risk, found.bounds
    lines = [
        ("去标识化效果 effect", f"{GRADES[found.grade].zh} · {GRADES[found.grade].en}"),
        ("可直接识别的列 direct identifiers", "、".join(found.direct) or "—"),
        ("准标识符 quasi-identifiers", "、".join(risk.quasi_identifiers) or "—"),
        ("行 rows", f"{risk.rows:,}"),
        ("组 groups", f"{risk.classes:,}"),
        ("最小组 k", f"{'—' if risk.k is None else risk.k} (≥ {held.k})"),
        ("唯一行 unique rows", f"{risk.unique_rows:,} ({risk.unique_share:.2%})"),
        ("低于 k 的行 rows under k", f"{risk.under_k_rows:,} ({risk.under_k_share:.2%})"),
    ]
    if risk.attackers is not None:
        lines += [
            ("最高风险（检察者）prosecutor", f"{risk.attackers.prosecutor:.4f}"),
            ("平均风险（营销者）marketer", f"{risk.attackers.marketer:.4f}"),
        ]
    if risk.attackers is not None and risk.attackers.journalist is not None:
        lines.append(
            (
                "总体中最小组 k-map · 记者 journalist",
                f"{risk.attackers.k_map} · {risk.attackers.journalist:.4f}",
            )
        )
    for name, worst in risk.diversity.items():
        lines.append(
            (f"敏感列 sensitive: {name}", f"l = {worst.l} (≥ {held.l})  t = {worst.t:.3f} (≤ {held.t:g})")
        )
    for label, text in lines:
        click.echo(f"{label}：{text}")
    if found.proposal is not None:
        made = found.proposal
        click.echo(
            f"损失最小的泛化（损失 {made.utility.loss:.3f}，k = {made.k}）"
            f" generalisation with least loss {made.utility.loss:.3f}, k = {made.k}:"
        )
        for name, spec in made.operators.items():
            done = (
                "keep"
                if spec is None
                else " ".join([spec.name, *(f"{a}={b}" for a, b in spec.params.items())])
            )
            click.echo(f"  {name}: {done}")
    if found.unreachable is not None:
        click.echo(f"{found.unreachable.zh}\n{found.unreachable.en}")
    for overlap in found.overlaps:
        click.echo(f"{overlap.sentence.zh}\n{overlap.sentence.en}")
