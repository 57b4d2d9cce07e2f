"""Title and post (职务、职称), GB/T 12403-1990 and GB/T 8561-2001: what a person is in an organisation.

With the organisation a post may mean one person (局长), so it identifies in combination.

>>> PostRecognizer().validate(pl.Series(["副局长", "高级工程师", "二级主任科员", "正高级教师", "局长办公会", "公园"])).to_list()
[True, True, True, True, False, False]
"""  # noqa: E501

from __future__ import annotations

import re
from typing import ClassVar

import polars as pl

from anonymize.entities import Entity
from anonymize.recognizers.base import ColumnRecognizer

_RANK = r"(?:党[组委]|支部|总|正|副|常务|第一|代理|名誉|原|前|执行|助理|见习|资深|首席|高级|中级|初级|正高级|副高级|主任|主管|主治|特级|[一二三四五六七八九十]级)"  # noqa: E501
_POST = (
    r"(?:书记|主席|主任|局长|厅长|部长|省长|市长|县长|区长|镇长|乡长|村长|处长|科长|股长|所长|站长|院长|校长|园长|馆长|台长|行长|厂长|店长|队长|组长|班长|会长|理事长|董事长|"
    r"秘书长|总经理|经理|总监|监事|董事|理事|委员|干事|秘书|科员|调研员|巡视员|工程师|经济师|会计师|统计师|农艺师|技师|技术员|教授|讲师|助教|研究员|教师|教员|医师|药师|护师|技士|"
    r"护士长|护士|医生|法官|检察官|警官|司机|会计|出纳|文员|职员|办事员|网格员|辅警|保安|保洁员?|厨师|编辑|记者|翻译|律师|审计师|社工|专干|村支书|支书|专员|主管|助理)"
)


class PostRecognizer(ColumnRecognizer):
    """A word for a post with words of rank before it."""

    ENTITY = Entity.POST
    HEADER = re.compile(
        r"职务|职称|职级|职位|岗位|头衔|job_?title|position|(?<![a-z])post(?![a-z])|^(?:zw|zc)$", re.I
    )
    TEXT = re.compile(rf"(?:{_RANK}){{0,2}}{_POST}(?=[，,。；;、\s)）]|$)")
    PREFILTER = _POST
    CONTEXT: ClassVar[tuple[str, ...]] = ("职务", "职称", "任", "担任")
    SCORE = 0.4
    IN_TEXT = False
    NEEDS_WORD = True

    def validate(self, values: pl.Series) -> pl.Series:
        one = rf"\p{{Han}}{{0,8}}?{_RANK}{{0,3}}{_POST}"
        return values.str.contains(rf"^{one}(?:[、，,/兼]{{1,2}}{one})*$")

    def accept(self, candidates: pl.Series, before: pl.Series) -> pl.Series:  # noqa: ARG002
        return candidates.str.len_chars() > 0
