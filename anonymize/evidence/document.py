"""What a reviewer reads: the report of a run as sections of facts and tables, in one language.

The printed page and the PDF show this same content. It is made from ``Report.as_dict()``, also one that was
read back from JSON or written by an earlier version: what that did not know is left out. Columns and counts
only; no cell of the table is in a report.
"""

from __future__ import annotations

from collections.abc import Iterator

from anonymize.evidence.columns import done, found, rescan
from anonymize.evidence.files import digests, source_file
from anonymize.evidence.parts import Document, Report, Say, Section, pick
from anonymize.evidence.remains import joined, mosaic, risk_left


def document(report: Report, lang: str = "zh") -> Document:
    """The content of a report; ``lang`` starts with "zh" for Chinese, else English."""
    chinese = lang.startswith("zh")

    def say(zh: str, en: str) -> str:
        return zh if chinese else en

    blockers = [pick(blocker["message"], chinese) for blocker in report["blockers"]]
    policy = report["policy"].get("name") or say("未命名", "without a name")
    return Document(
        lang="zh-Hans" if chinese else "en",
        title=say("脱敏评估报告", "De-identification report"),
        subtitle=f"{report['source']['name']} · {say('方案', 'policy')} {policy}",
        good=not blockers,
        verdict_title=say("不得发布", "May not leave") if blockers else say("可以送审", "May go to review"),
        verdict=tuple(blockers)
        or (
            say(
                "复扫未发现超出方案许可的个人信息，风险在限值以内。",
                "The re-scan found no personal data beyond what the policy permits; the risk is within its "
                "bounds.",
            ),
        ),
        sections=tuple(_sections(report, say, chinese)),
        signatures=(
            say("编目人员", "Compiler"),
            say("保密审查人员", "Confidentiality reviewer"),
            say("审核人员", "Reviewer"),
        ),
        footer=say("方案摘要", "Policy digest") + f" {report['policy_sha256'][:16]}",
    )


def _sections(report: Report, say: Say, chinese: bool) -> Iterator[Section]:
    yield source_file(report, say)
    yield found(report, say, chinese)
    yield done(report, say, chinese)
    yield risk_left(report, say, chinese)
    yield rescan(report, say, chinese)
    if joined(report):
        yield mosaic(report, say, chinese)
    yield digests(report, say, ("七", "7") if joined(report) else ("六", "6"))
