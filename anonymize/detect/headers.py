"""A column's name in the one writing that the expressions know: half width and simplified characters."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_PAIRS = (
    "號号 碼码 證证 電电 話话 聯联 絡络 繫系 機机 傳传 護护 戶户 業业 權权 產产 屬属 車车 駛驶 "
    "駕驾 執执 銀银 帳账 賬账 單单 書书 學学 醫医 療疗 險险 職职 員员 師师 爺爷 歲岁 齡龄 別别 "
    "縣县 鄉乡 鎮镇 區区 灣湾 門门 樓楼 層层 備备 註注 內内 說说 詳详 現现 況况 狀状 處处 罰罚 "
    "決决 個个 開开 結结 離离 貸贷 購购 買买 賣卖 請请 領领 發发 辦办 務务 項项 繳缴 費费 額额 "
    "資资 訊讯 類类 簽签 監监 檢检 測测 體体 郵邮 遞递 於于 訴诉 訟讼 雙双 報报 關关 係系 與与 "
    "長长 輩辈 範范 圍围 國国 際际 華华 僑侨 臺台 選选 課课 貧贫 農农 組组 織织 當当 親亲 負负 "
    "責责 經经 營营 運运 輸输 標标 識识 "
)
"""A traditional character and its simplified form; those that column names use."""
_TABLE = str.maketrans({pair[0]: pair[1] for pair in _PAIRS.split()})


@lru_cache(maxsize=8192)
def plain_header(name: str) -> str:
    """``name`` for matching only; what people see stays as it was."""
    return unicodedata.normalize("NFKC", name).translate(_TABLE).replace("联络", "联系")
