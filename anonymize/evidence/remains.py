"""What risk remains: in the table by itself, and together with what is public already."""

from __future__ import annotations

from collections.abc import Mapping

from anonymize.evidence.parts import Fact, Grid, Report, Say, Section, pick


def risk_left(report: Report, say: Say, chinese: bool) -> Section:
    risk, policy = report["risk"], report["policy"]
    facts = [
        Fact(say("去标识化效果（GB/T 42460-2023）", "Effect (GB/T 42460-2023)"),
             pick(report["grade"], chinese)
             + say(f"（方案下限 {policy['min_grade']} 级）", f" (policy asks for {policy['min_grade']})")),
        Fact(say("准标识符", "Quasi-identifiers"), say("、", ", ").join(risk["quasi_identifiers"]) or "—"),
        Fact(say("最小等价类 k", "Smallest group k"),
             ("—" if risk["k"] is None else f"{risk['k']:,}")
             + say(f"（下限 {policy['k']}）", f" (bound {policy['k']})")),
        Fact(say("等价类", "Groups"), f"{risk['classes']:,}"),
        Fact(say("唯一行", "Unique rows"), f"{risk['unique_rows']:,}（{risk['unique_share']:.2%}）" if chinese
             else f"{risk['unique_rows']:,} ({risk['unique_share']:.2%})"),
        Fact(say("低于 k 的行", "Rows under k"), f"{risk['under_k_rows']:,}（{risk['under_k_share']:.2%}）"
             if chinese else f"{risk['under_k_rows']:,} ({risk['under_k_share']:.2%})"),
        Fact(say("准标识符全被抑制的行", "Rows with all of them suppressed"), f"{risk['hidden_rows']:,}"),
    ]  # fmt: skip
    if attackers := risk.get("attackers"):
        facts += [
            Fact(
                say("最高重标识概率（检察者）", "Highest risk (prosecutor)"), f"{attackers['prosecutor']:.4f}"
            ),
            Fact(say("平均重标识概率（营销者）", "Average risk (marketer)"), f"{attackers['marketer']:.4f}"),
        ]
    else:
        facts.append(Fact(say("最高重标识概率", "Highest risk"), f"{risk['highest_risk']:.4f}"))
    grids: tuple[Grid, ...] = ()
    if diversity := risk.get("diversity"):
        head = (
            say("敏感列", "Sensitive column"), say("l（不同取值）", "l (values)"),
            say("熵 l", "entropy l"), say("t（分布差）", "t (distance)"), say("限值", "Bounds"),
        )  # fmt: skip
        rows = tuple(
            (name, str(d["l"]), f"{d['entropy']:.2f}", f"{d['t']:.4f}",
             f"l ≥ {policy['l']}" + (f"，t ≤ {policy['t']:g}" if policy.get("t", 1) < 1 else ""))
            for name, d in diversity.items()
        )  # fmt: skip
        grids = (Grid(say("敏感属性（最差的一组）", "Sensitive attributes (the worst group)"), head, rows,
                      (1, 2, 3), (2, 1, 1, 1, 1.4)),)  # fmt: skip
    return Section(say("四、还剩下什么风险", "4. What risk remains"), tuple(facts), grids)


def mosaic(report: Report, say: Say, chinese: bool) -> Section:
    return Section(
        say("六、与已发布数据的关联", "6. Together with what is public"),
        notes=tuple(pick(sentence, chinese) for sentence in joined(report)),
    )


def joined(report: Report) -> list[Mapping[str, str]]:
    """What was compared with public tables, and (where a portal notes it) what was not."""
    return [overlap["sentence"] for overlap in report.get("mosaic", ())] + list(
        report.get("mosaic_notes", ())
    )
