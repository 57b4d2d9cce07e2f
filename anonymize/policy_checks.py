"""What must hold between the parts of a policy, wherever it came from."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import get_args

from anonymize.errors import PolicyInvalid
from anonymize.findings import DeclaredType, OperatorSpec
from anonymize.keys import CHECK, NAME, RELEASE
from anonymize.operators import Operator, Scope, get_operator
from anonymize.policy_fields import VERSION, PolicyFields
from anonymize.policy_parts import ALLOWABLE, BY_COLUMN, LEAST_PREFIX, Allowance, ColumnRule

Place = tuple[str | int, ...]
"""Where in a policy: keys, and positions in lists from 0."""


def check(policy: PolicyFields) -> None:
    """Raise PolicyInvalid, naming the place, unless the policy holds together."""
    if policy.version != VERSION:
        _refuse(
            "不认识的方案版本 {version}；本软件使用版本 {known}。",
            "Policy version {version} is not known; this software uses version {known}.",
            ("version",),
            version=policy.version,
            known=VERSION,
        )
    _check_purpose(policy)
    if not policy.columns:
        _refuse("方案没有写任何列。", "The policy names no column.")
    names = [rule.name for rule in policy.columns]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        again = max(n for n, name in enumerate(names) if name == twice[0])
        _refuse(
            "列重复出现：{columns}。",
            "Columns stand twice: {columns}.",
            ("columns", again, "name"),
            columns="、".join(twice),
        )
    _check_bounds(policy)
    _check_text(policy)
    for place, rule in enumerate(policy.columns):
        _check_rule(rule, policy, names, ("columns", place))
    for place, spec in enumerate(policy.records):
        _check_records(spec, names, ("records", place))
    _check_lists(policy, names)
    for place, allowance in enumerate(policy.allow):
        _check_allowance(allowance, names, ("allow", place))


def _refuse(zh: str, en: str, at: Place = (), **params: object) -> None:
    error = PolicyInvalid(zh, en, **params)
    error.at = at
    raise error


def _check_text(policy: PolicyFields) -> None:
    """What cannot be written down again has no digest, and fits no report."""
    for place, rule in enumerate(policy.columns):
        if not rule.name.strip():
            _refuse("列名不能为空。", "A column has a name.", ("columns", place, "name"))
    try:
        json.dumps(policy.as_dict(), ensure_ascii=False).encode()
    except UnicodeEncodeError:
        _refuse(
            "方案中有不成字的编码（单独的代理码），请改正后再用。",
            "The policy holds half a character (a lone surrogate); correct it.",
        )


def _check_purpose(policy: PolicyFields) -> None:
    if policy.purpose == "open":
        if policy.key != RELEASE:
            _refuse(
                "开放数据只能使用随本次发布生成、随后销毁的密钥（key: release）；长期密钥须另有授权协议。",
                "An open release uses a key that is destroyed with it (key: release); "
                "a lasting key needs an agreement.",
                ("key",),
            )
        if policy.agreement:
            _refuse(
                "写了协议编号的方案，purpose 应为 agreement。",
                "A policy with the number of an agreement has purpose: agreement.",
                ("agreement",),
            )
        _check_key_check(policy)
        return
    if policy.purpose != "agreement" or not policy.agreement.strip():
        _refuse(
            "purpose 应为 open 或 agreement；为 agreement 时应写明协议编号（agreement）。",
            "purpose is open or agreement; the latter needs the agreement's number (agreement).",
            ("purpose",),
        )
    if policy.key != RELEASE and not NAME.fullmatch(policy.key):
        # What stands there may be a key by mistake: it is not repeated.
        _refuse(
            "key 只写密钥的名称（小写字母开头，至多 40 个字符），不得写密钥本身。",
            "key takes the name of a key (a small letter first, at most 40 characters), never a key itself.",
            ("key",),
        )
    _check_key_check(policy)


def _check_key_check(policy: PolicyFields) -> None:
    if not policy.key_check:
        return
    if policy.key == RELEASE:
        _refuse(
            "key_check 只用于指名的密钥。",
            "key_check belongs to a named key.",
            ("key_check",),
        )
    if not CHECK.fullmatch(policy.key_check):
        # What stands there may be a key by mistake: it is not repeated.
        _refuse(
            "key_check 应为 16 位小写十六进制数字（用 anonymize key 取得），不得写密钥本身。",
            "key_check takes 16 small hexadecimal digits (anonymize key prints them), never a key itself.",
            ("key_check",),
        )


def _check_bounds(policy: PolicyFields) -> None:
    bounds = (
        ("k", policy.k, 1, 10_000),
        ("max_unique_share", policy.max_unique_share, 0, 1),
        ("min_grade", policy.min_grade, 1, 4),
        ("l", policy.l, 1, 1_000),
        ("t", policy.t, 0, 1),
    )
    for key, value, low, high in bounds:
        if not low <= value <= high:
            _refuse(
                "{key} 应在 {low} 与 {high} 之间。",
                "{key} must lie between {low} and {high}.",
                (key,),
                key=key,
                low=low,
                high=high,
            )


def _check_rule(rule: ColumnRule, policy: PolicyFields, names: list[str], at: Place) -> None:
    def told(detail_zh: str, detail_en: str, key: str = "operator") -> None:
        _refuse(
            "列“{column}”：{detail_zh}",
            "Column “{column}”: {detail_en}",
            (*at, key),
            column=rule.name,
            detail_zh=detail_zh,
            detail_en=detail_en,
        )

    operator = _parsed(rule.operator, Scope.COLUMN, names, told)
    if operator.reversible and (policy.purpose != "agreement" or policy.key == RELEASE):
        told(
            f"可还原的算子 {operator.name} 不能用于开放数据；须有协议（purpose: agreement）和指名的密钥。",
            f"the reversible operator {operator.name} may not be used for an open release; "
            "it needs purpose: agreement and a named key.",
        )
    if not 1 <= rule.level <= 4:
        told("level 应为 1 至 4。", "level must be 1 to 4.", "level")
    if rule.declared_type not in get_args(DeclaredType):
        known = ", ".join(get_args(DeclaredType))
        told(f"declared_type 应为 {known}。", f"declared_type must be one of {known}.", "declared_type")


def _check_records(spec: OperatorSpec, names: list[str], at: Place) -> None:
    def told(detail_zh: str, detail_en: str, key: str = "operator") -> None:
        _refuse(
            "记录规则 {operator}：{detail_zh}",
            "Record rule {operator}: {detail_en}",
            (*at, key),
            operator=spec.name,
            detail_zh=detail_zh,
            detail_en=detail_en,
        )

    _parsed(spec, Scope.RECORD, names, told)


def _parsed(spec: OperatorSpec, scope: Scope, names: list[str], told: Callable[..., None]) -> Operator:
    """The operator of ``spec``; ``told`` raises what is wrong with it, at one of its keys."""
    key = "operator"
    try:
        operator = get_operator(spec.name)
        key = "params"
        params = operator.parse(spec.params)
    except PolicyInvalid as error:
        told(error.zh, error.en, key)
        raise
    if operator.scope is not scope:
        where = "records" if operator.scope is Scope.RECORD else "columns"
        told(
            f"算子 {operator.name} 应写在 {where} 之下。", f"operator {operator.name} belongs under {where}."
        )
    for other in (operator.reads(params), getattr(params, "column", None)):
        if other is not None and other not in names:
            told(
                f"参数所指的列“{other}”不在方案里。",
                f"the column “{other}” that its parameters name is not in the policy.",
                "params",
            )
    return operator


def _check_lists(policy: PolicyFields, names: list[str]) -> None:
    dropped = {rule.name for rule in policy.columns if rule.operator.name == "drop"}
    published = set(names) - dropped
    for key, listed in (("quasi_identifiers", policy.quasi_identifiers), ("sensitive", policy.sensitive)):
        if len(set(listed)) != len(listed):
            _refuse("{key} 中有重复的列。", "{key} names a column twice.", (key,), key=key)
        _check_published(key, listed, published)
    _check_published("hierarchies", policy.hierarchies, set(policy.quasi_identifiers) & published)
    for column, specs in policy.hierarchies.items():
        for place, spec in enumerate(specs):
            at = ("hierarchies", column, place)
            if spec.name != "generalise":
                _refuse(
                    "hierarchies 中“{column}”的层级只能使用 generalise。",
                    "The levels of “{column}” in hierarchies take the operator generalise only.",
                    at,
                    column=column,
                )
            try:
                get_operator(spec.name).parse(spec.params)
            except PolicyInvalid as error:
                error.at = (*at, "params")
                raise


def _check_published(key: str, listed: Iterable[str], published: set[str]) -> None:
    for name in listed:
        if name not in published:
            what = ("准标识符", "a quasi-identifier") if key == "hierarchies" else ("列", "a column")
            _refuse(
                "{key} 中的“{column}”不是要发布的{what_zh}。",
                "“{column}” in {key} is not {what_en} that will be published.",
                (key, name) if key == "hierarchies" else (key,),
                key=key,
                column=name,
                what_zh=what[0],
                what_en=what[1],
            )


def _check_allowance(allowance: Allowance, names: list[str], at: Place) -> None:
    if allowance.entity not in ALLOWABLE:
        _refuse(
            "allow 不能用于 {entity}；可用：{known}。",
            "allow cannot be used for {entity}; it takes: {known}.",
            (*at, "entity"),
            entity=allowance.entity.value,
            known=", ".join(sorted(entity.value for entity in ALLOWABLE)),
        )
    if not allowance.reason.strip():
        _refuse(
            "allow 的每一项都应写明理由（reason），如“市民服务窗口电话”。",
            "Every item of allow gives its reason, e.g. telephones of the citizens' desk.",
            (*at, "reason"),
        )
    if not (allowance.values or allowance.prefixes or allowance.columns):
        _refuse(
            "allow 的每一项应有 values、prefixes 或 columns。",
            "Every item of allow has values, prefixes or columns.",
            at,
        )
    least = LEAST_PREFIX.get(allowance.entity)
    if allowance.prefixes and least is None:
        _refuse(
            "{entity} 不能按开头放行，请逐个写明 values。",
            "{entity} cannot be allowed by prefixes; name the values.",
            (*at, "prefixes"),
            entity=allowance.entity.value,
        )
    if any(sum(map(str.isalnum, prefix)) < (least or 0) for prefix in allowance.prefixes):
        _refuse(
            "allow 的 prefixes 至少 {least} 个字母、数字或汉字。",
            "The prefixes of allow have at least {least} letters or digits.",
            (*at, "prefixes"),
            least=least,
        )
    if allowance.columns and allowance.entity not in BY_COLUMN:
        _refuse(
            "{entity} 不能整列放行，请逐个写明 values。",
            "{entity} cannot be allowed by column; name the values.",
            (*at, "columns"),
            entity=allowance.entity.value,
        )
    if absent := [name for name in allowance.columns if name not in names]:
        _refuse(
            "allow 中的列“{column}”不在方案里。",
            "The column “{column}” in allow is not in the policy.",
            (*at, "columns"),
            column="、".join(absent),
        )
