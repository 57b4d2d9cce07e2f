"""Chinese surnames, to tell a name from any other short text."""

from __future__ import annotations

from functools import cache

_COMPOUND_WORDS = (
    "欧阳 司马 上官 诸葛 夏侯 东方 皇甫 尉迟 公孙 慕容 令狐 司徒 司空 端木 "
    "轩辕 长孙 宇文 鲜于 闾丘 太史 申屠 钟离 濮阳 淳于 单于 澹台 公冶 宗政 "
    "赫连 西门 南宫 独孤 百里 呼延 东郭 南郭 谷梁 公羊 万俟 闻人 仲孙 拓跋 "
    "完颜 纳兰 叶赫 爱新觉罗 第五 左丘 梁丘 乐正 公西 漆雕 壤驷 巫马 子车 颛孙"
)
COMPOUND: tuple[str, ...] = tuple(_COMPOUND_WORDS.split(" "))

_SINGLE_BEYOND_FAKER = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马"
    "苗凤花方俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁"
    "毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡"
    "凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣贲邓郁单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊於惠甄曲家封芮羿储靳"
    "汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘钭厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白"
    "怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴郁胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍郤璩桑桂濮牛寿通边扈燕冀郏浦尚农温"
    "别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃利蔚越夔隆师巩厍聂晁勾敖融"
    "冷訾辛阚那简饶空曾毋沙乜养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公覃岳海佟仝肖涂闫付代商仉佘佴伯年亓"
    "官苟冼楚戢揭侬苑么来原藏占母由才楼斯初谌揣柒佐但展卿底衣撒晋火邸"
)


@cache
def single_surnames() -> frozenset[str]:
    """Surnames of one character: the classical list and those of Faker's Chinese locale."""
    from faker.providers.person.zh_CN import Provider

    return frozenset(_SINGLE_BEYOND_FAKER) | {name for name in Provider.last_names if len(name) == 1}


@cache
def name_pattern() -> str:
    """A regular expression (Rust syntax) of one Chinese name; group 1 is the surname.

    Compound surnames come first: the engine prefers the earlier alternative, and falls back to the
    single surname when nothing would be left for the given name (欧阳 alone is 欧 + 阳).
    """
    return rf"({'|'.join(COMPOUND)}|[{''.join(sorted(single_surnames()))}])\p{{Han}}{{1,2}}"
