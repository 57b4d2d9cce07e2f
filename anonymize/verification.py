"""Whether an output is what a report says it is: ``verify``."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from anonymize.detect import scan
from anonymize.engines.residue import judge
from anonymize.errors import WrongUse
from anonymize.fields import policy_of_output
from anonymize.findings import Sentence
from anonymize.policy import Policy
from anonymize.readers import open_table

_BLOCK = 1 << 20
_TABLES = frozenset({"csv", "tsv", "xlsx", "json", "jsonl", "xml", "parquet"})


@dataclass(frozen=True, slots=True)
class Check:
    """One comparison. ``holds`` None: it could not be made with what was given, which is no failure."""

    code: str
    holds: bool | None
    sentence: Sentence

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "code": self.code,
            "holds": self.holds,
            "message": {"zh": self.sentence.zh, "en": self.sentence.en},
        }


@dataclass(frozen=True, slots=True)
class Verification:
    """All comparisons of one output with its report."""

    checks: tuple[Check, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing differs and nothing personal remains."""
        return all(check.holds is not False for check in self.checks)

    def as_dict(self) -> dict[str, Any]:
        """Plain data; no cell is in it."""
        return {"holds": self.holds, "checks": [check.as_dict() for check in self.checks]}


def verify(
    output: Path,
    report: Mapping[str, Any],
    *,
    source: Path | None = None,
    policy: Policy | None = None,
) -> Verification:
    """Compare an output, and what it was made from when it is at hand, with the report of the run.

    Args:
        output: a file that the report lists, under any name: it is known by its SHA-256.
        report: ``Report.as_dict()``, read back from JSON.
        source: the raw file; its digest must be the report's.
        policy: the policy; its digest must be the report's.

    Raises:
        WrongUse: ``report`` is no report.
        SourceUnreadable: the output is a table that cannot be read.
    """
    try:
        checks = tuple(_checks(output, report, source, policy))
    except (KeyError, TypeError, AttributeError):
        raise WrongUse("这不是 anonymize 的报告。", "This is no report of anonymize.") from None
    return Verification(checks)


def _checks(
    output: Path, report: Mapping[str, Any], source: Path | None, policy: Policy | None
) -> Iterator[Check]:
    digest = _sha256(output)
    listed = {entry["sha256"]: entry for entry in report["outputs"]}
    yield _said(
        "output", digest in listed, "输出文件的 SHA-256", "SHA-256 of the output",
    )  # fmt: skip
    reported = Policy.from_dict(report["policy"])
    yield _said("report_policy", reported.sha256 == report["policy_sha256"],
                "报告内方案的 SHA-256", "SHA-256 of the policy in the report")  # fmt: skip
    if policy is not None:
        # A report holds the policy as it was bound to the table's columns.
        bound = policy.bind(tuple(report["source"]["columns"]))
        yield _said("policy", bound.sha256 == report["policy_sha256"],
                    "方案文件的 SHA-256", "SHA-256 of the policy file")  # fmt: skip
    if source is not None:
        yield _said("source", _sha256(source) == report["source"]["sha256"],
                    "原始文件的 SHA-256", "SHA-256 of the source")  # fmt: skip
    made, here = report["software"]["govdata"], version("govdata")
    same = made == here
    yield Check(
        "software",
        True if same else None,
        Sentence(
            f"软件版本 {made}" + ("，相同" if same else f"，本机为 {here}"),
            f"software version {made}" + (", the same" if same else f", this one is {here}"),
        ),
    )
    yield _said("blockers", not report["blockers"], "报告没有阻止发布的事项", "the report has no blockers")
    yield from _residual(output, reported, listed.get(digest))


def _residual(output: Path, policy: Policy, entry: Mapping[str, Any] | None) -> Iterator[Check]:
    """Scan the output once more, with this software's recognizers."""
    if Path(output.name.lower().removesuffix(".gz")).suffix.lstrip(".") not in _TABLES:
        yield Check("residual", None, Sentence("该格式不做复扫", "this format is not scanned again"))
        return
    table = open_table(output)
    if entry is not None:
        rows = table.info.rows
        # Empty rows at the end of a worksheet cannot be told from the paper below it.
        whole = rows == entry["rows"] or (entry["format"] == "xlsx" and rows < entry["rows"])
        yield _said("rows", whole, "行数", "number of rows")
    findings = scan(table)
    known = {rule.name: rule for rule in policy.columns if rule.operator.name != "drop"}
    unknown = [name for name in table.columns if name not in known]
    yield _said("columns", not unknown and set(table.columns) == set(known),
                "列与方案一致", "columns are the policy's")  # fmt: skip
    shown = policy_of_output(policy, table.columns)
    left = [
        residue.column
        for residue in judge(findings.columns, shown)
        if residue.refused or residue.free_text or residue.unnamed
    ]
    marked = findings.secret_marking is not None
    if left:
        said = Sentence(
            f"复扫：仍有个人信息的列 {'、'.join(left)}", f"re-scan: personal data in {', '.join(left)}"
        )
    elif marked:
        said = Sentence("复扫：有国家秘密标志", "re-scan: a state-secret marking")
    else:
        said = Sentence("复扫：没有个人信息", "re-scan: nothing personal")
    yield Check("residual", not left and not marked, said)


def _said(code: str, holds: bool, zh: str, en: str) -> Check:
    return Check(
        code,
        holds,
        Sentence(f"{zh}：{'一致' if holds else '不一致'}", f"{en}: {'holds' if holds else 'differs'}"),
    )


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def read_report(path: Path) -> Mapping[str, Any]:
    """A report file. Raises WrongUse when it is no JSON object."""
    try:
        report = json.loads(path.read_text("utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError):
        report = None
    if not isinstance(report, dict):
        raise WrongUse("报告文件应为 JSON。", "The report must be a JSON file.")
    return report
