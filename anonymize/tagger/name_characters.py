"""Which characters may begin a name, which may go on with it; what a gate needs to know of single
characters.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from anonymize.recognizers.surnames import COMPOUND, GIVEN, SINGLE
from anonymize.tagger.wordtable import BITS

HAN, SURNAME, COMMON_SURNAME, RARE, GIVEN_NAME, FOREIGN, DOT, STOP = (1 << bit for bit in range(8))
"""Flags of a character. ``COMMON_SURNAME``: a family name that is much more often another word (于, 和, 时).
"""

COMPOUNDS = (
    *COMPOUND,
    "淳于",
    "单于",
    "南郭",
    "谷梁",
    "左丘",
    "梁丘",
    "乐正",
    "公西",
    "漆雕",
    "壤驷",
    "巫马",
)

_MORE_SURNAMES = "付闫肖仝禚郄戚茅柏官"
_OFTEN_ANOTHER_WORD = (
    "于有由和年元明时都向路国户家应后全代关原单刑广解法查通相包能公干双支须费房占项从成经因水车满红强母门农班东西南北中安平古容井"
    "束步空展席敬景商督多同义习管理生养才计能英来上下正度信封尚文化色白权简段别终连左那归"
)
_TRANSLITERATION = (
    "阿埃艾奥巴拜邦贝彼波伯博布茨戴丹登蒂丁杜厄恩尔菲费芬弗福盖甘戈哥格葛根哈赫亨霍基吉贾杰卡凯坎康科克肯库夸拉莱兰朗劳勒雷丽莉琳卢鲁"
    "路伦罗洛玛迈麦曼蒙密摩莫默姆纳娜奈尼涅努诺欧帕潘佩彭皮珀普奇钦琼瑞若萨塞桑瑟森沙莎珊史斯丝索塔坦汤唐廷图吐托瓦威维韦温沃乌吾武"
    "希锡夏肖谢辛欣逊雅亚扬耶伊依尤泽扎詹芝兹宗佐仁次旦仓央措旺顿珠卓曲朱穆买提吐热汗古木"
)
_DOTS = "·•‧・∙⋅"
_STOPS = "，。；！？;!?\n\r,"
_HAN_RANGES = ((0x3400, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF))
_LEVEL_1_ROWS = range(0xB0, 0xD8)
"""Rows of GB/T 2312 that hold the 3,755 common characters; names are about the only use of most others."""


def flags(plain: Mapping[str, str]) -> npt.NDArray[np.uint8]:
    """Flags of every character, at its code point + 1.

    ``plain`` maps forms to plain forms (traditional to simplified, full width to half); a form has the flags
    of its plain form.
    """
    table = np.zeros(1 << BITS, dtype=np.uint8)
    for first, last in _HAN_RANGES:
        table[first + 1 : last + 2] |= HAN | RARE
    common = [code + 1 for code in map(ord, _level_1())]
    table[common] &= ~np.uint8(RARE)
    for characters, flag in (
        (set(SINGLE + _MORE_SURNAMES) - set(_OFTEN_ANOTHER_WORD), SURNAME),
        (set(_OFTEN_ANOTHER_WORD), COMMON_SURNAME),
        (GIVEN, GIVEN_NAME),
        (set(_TRANSLITERATION), FOREIGN),
        (set(_DOTS), DOT),
        (set(_STOPS), STOP),
    ):
        table[[ord(character) + 1 for character in characters]] |= np.uint8(flag)
    for form, simple in plain.items():
        if len(form) == len(simple) == 1:
            table[ord(form) + 1] = table[ord(simple) + 1]
    return table


def _level_1() -> str:
    """The common characters of GB/T 2312; its row 0xD7 ends five short."""
    rows = (bytes((row, cell)) for row in _LEVEL_1_ROWS for cell in range(0xA1, 0xFF))
    return b"".join(pair for pair in rows if not (pair[0] == 0xD7 and pair[1] > 0xF9)).decode("gb2312")
