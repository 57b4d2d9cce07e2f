"""What only applications refuse."""

from __future__ import annotations

from collections.abc import Sequence

from licensing.core.errors import InvalidInput, Part


class ApplicationIncomplete(InvalidInput):
    """Carries everything that is missing, each with its place, so that a form can show it there."""

    code = "application_incomplete"

    def __init__(self, missing: Sequence[Part]) -> None:
        self.missing = tuple(missing)
        super().__init__(
            "申请缺少：{zh_list}。",
            "The application lacks: {en_list}.",
            zh_list="、".join(each.zh for each in missing),
            en_list=", ".join(each.en for each in missing),
        )

    def parts(self) -> tuple[Part, ...]:
        return tuple(
            Part(each.pointer, each.code, f"请填写{each.zh}。", f"State {each.en}.") for each in self.missing
        )
