"""The file of the structured benches: a register of allowances, 14 columns, about 310 bytes a row.

Everything is invented; numbers carry valid check digits, so that no recognizer has an easier time than with
a real register. The same seed gives the same bytes.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
from measure import BUILD

BLOCK = 250_000
"""Rows made and written at a time: the file may be larger than memory."""
_SURNAMES = list("王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕")
_GIVEN = list("伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红建文慧志新国海云龙燕鹏飞")
_COUNTIES = ["武汉市洪山区", "武汉市武昌区", "武汉市江夏区", "宜昌市夷陵区", "襄阳市樊城区", "黄石市下陆区"]
_CODES = np.array(["420111", "420106", "420115", "420506", "420606", "420204"])
_STREETS = ["珞喻路", "中山北路", "解放大道", "建设二路", "长江大道", "民主东路", "友谊大街", "文化路"]
_ESTATES = ["幸福家园", "阳光花园", "翠湖小区", "锦绣江南", "和平里", "学府佳苑", "滨江一品"]
_BANKS = ["中国农业银行股份有限公司支行", "中国工商银行股份有限公司支行", "湖北省农村信用社联合社"]
_KINDS = ["城市最低生活保障金", "农村最低生活保障金", "残疾人两项补贴", "高龄津贴", "特困人员供养"]
_OFFICES = ["民政和社会救助服务中心", "社会保障事务管理所", "街道办事处公共服务办公室"]
_MAIL = ["163.com", "qq.com", "126.com", "sina.com"]
_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
_CHECK = np.array(list("10X98765432"))


def register(rows: int, seed: int = 7) -> Path:
    """The register as CSV (UTF-8) under ``build/``; made once, used again."""
    path = BUILD / "tables" / f"register-{rows}-{seed}.csv"
    if path.exists():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    with part.open("wb") as out:
        for start in range(0, rows, BLOCK):
            frame = block(start, min(BLOCK, rows - start), seed)
            frame.write_csv(out, include_header=start == 0)
    part.replace(path)
    return path


def block(start: int, rows: int, seed: int) -> pl.DataFrame:
    """Rows ``start`` to ``start + rows`` of the register."""
    rng = np.random.default_rng([seed, start])

    def pick(words: list[str]) -> pl.Series:
        return pl.Series(words, dtype=pl.String).gather(rng.integers(0, len(words), rows))

    def number(low: int, high: int, digits: int = 0) -> pl.Series:
        text = pl.Series(rng.integers(low, high, rows)).cast(pl.String)
        return text.str.zfill(digits) if digits else text

    region = rng.integers(0, len(_CODES), rows)
    years, months, days = (rng.integers(a, b, rows) for a, b in ((1935, 2015), (1, 13), (1, 29)))
    born = pl.DataFrame({"y": years, "m": months, "d": days}).select(
        pl.format("{}-{}-{}", pl.col("y"), pl.col("m").cast(pl.String).str.zfill(2),
                  pl.col("d").cast(pl.String).str.zfill(2))
    ).to_series()  # fmt: skip
    body = pl.Series(_CODES[region].tolist()) + born.str.replace_all("-", "") + number(0, 1000, 3)
    frame = pl.DataFrame(
        {
            "序号": pl.Series(np.arange(start + 1, start + rows + 1)).cast(pl.String),
            "姓名": pick(_SURNAMES) + pick(_GIVEN) + pl.Series([*_GIVEN, "", "", ""]).gather(
                rng.integers(0, len(_GIVEN) + 3, rows)
            ),
            "性别": pick(["男", "女"]),
            "身份证号": body + _check(body),
            "出生日期": born,
            "联系电话": pl.Series(["13", "15", "18", "19"]).gather(rng.integers(0, 4, rows))
            + number(0, 10**9, 9),
            "电子邮箱": pl.Series([""] * rows),
            "家庭住址": "湖北省" + pl.Series(_COUNTIES).gather(region) + pick(_STREETS) + number(1, 999)
            + "号"
            + pick(_ESTATES) + number(1, 40) + "栋" + number(1, 5) + "单元" + number(101, 3205) + "室",
            "银行卡号": _card(rng, rows),
            "开户银行": pick(_BANKS),
            "救助类别": pick(_KINDS),
            "月保障金额": number(200, 1900) + "." + number(0, 100, 2),
            "审批日期": pl.Series(["2023-", "2024-", "2025-"]).gather(rng.integers(0, 3, rows))
            + number(1, 13, 2) + "-" + number(1, 29, 2),
            "经办单位": pl.Series(_COUNTIES).gather(region) + pick(_OFFICES),
        }
    )  # fmt: skip
    return frame.with_columns(
        pl.concat_str(pl.lit("u"), number(10**6, 10**9), pl.lit("@"), pick(_MAIL)).alias("电子邮箱")
    )


def _check(body: pl.Series) -> pl.Series:
    """Check characters of seventeen digits each (GB 11643-1999)."""
    digits = np.frombuffer("".join(body.to_list()).encode(), dtype=np.uint8).reshape(-1, 17) - 48
    return pl.Series(_CHECK[(digits.astype(np.int64) @ _WEIGHTS) % 11].tolist())


def _card(rng: np.random.Generator, rows: int) -> pl.Series:
    """Nineteen digits of a domestic card with their Luhn digit (ISO/IEC 7812-1)."""
    digits = rng.integers(0, 10, (rows, 19))
    digits[:, :6] = [6, 2, 2, 8, 4, 8]
    doubled = digits[:, 17::-2] * 2
    total = np.where(doubled > 9, doubled - 9, doubled).sum(axis=1) + digits[:, 16::-2].sum(axis=1)
    digits[:, 18] = (10 - total % 10) % 10
    text = (digits + 48).astype(np.uint8).tobytes().decode()
    return pl.Series([text[i : i + 19] for i in range(0, len(text), 19)])
