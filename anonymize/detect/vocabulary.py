"""Words that tell what a column or a text is about. Headers help and mislead: content decides."""

from __future__ import annotations

import re

FILLERS = [
    "无",
    "没有",
    "不详",
    "未知",
    "暂无",
    "待定",
    "待补",
    "未填",
    "未提供",
    "空",
    "空白",
    "无数据",
    "不适用",
    "其他",
    "略",
    "否",
    "是",
    "同上",
    "-",
    "--",
    "---",
    "—",
    "——",
    "/",
    "//",
    "\\",
    ".",
    "*",
    "**",
    "***",
    "?",
    "？",
    "0",
    "N",
    "n",
    "NA",
    "N/A",
    "n/a",
    "null",
    "NULL",
    "Null",
    "None",
    "none",
    "nan",
    "NaN",
    "\\N",
    "#N/A",
    "未登记",
    "已注销",
    "不明",
    "保密",
    "未采集",
    "缺失",
]
"""What people type instead of leaving a cell empty; no evidence for or against anything."""

SEX = re.compile(r"性别|^男女$|\bsex\b|gender|^xb$", re.I)
SEX_VALUE = r"^(?:男|女|男性|女性|未知|未说明|男孩|女孩|[MFmf]|male|female|Male|Female|[0129])$"
ETHNICITY = re.compile(r"民族|族别|ethnic|nation|^mz$", re.I)
ETHNICITY_VALUE = (
    r"^(?:汉|蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|拉祜|水|东乡|纳西|景颇|柯尔克孜|土|达斡尔|"
    r"仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|京|塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺|穿青人)族?$"
)
REGION = re.compile(
    r"省份?$|市州?$|地市|区县|县区|县市|市辖|区划|[区县]$|乡镇|镇街|街镇|街道|乡$|镇$|村$|社区|居委|村委|辖区|地区|籍贯|城市|属地|所在地$|行政区|网格|片区|region|district|county|"
    r"city|province|town|street|village",
    re.I,
)
OTHER_DATE = re.compile(
    r"登记|注册|成立|设立|办理|发证|签发|颁发|有效|到期|截止|核准|受理|申请|审批|审核|发放|创建|更新|修改|录入|开始|结束|起始|生效|失效|入库|入职|入学|毕业|参加|竣工|开工|"
    r"检查|处罚|决定|公示|发布|统计|报告|数据|缴费|支付|交易|接种|检测|采样|就诊|入院|出院|来电|办结|回访|派单|create|update|start|end|issue|expire|valid",
    re.I,
)
CODE_HEADER = re.compile(
    r"编码|代码|编号|单号|订单|流水|序号|序列|工号|案号|文号|批次|条码|账期|区划|code|\bid\b|_id$|^id$|serial|order|\bno\b",
    re.I,
)
AMOUNT_HEADER = re.compile(
    r"金额|数量|总额|余额|合计|总计|小计|[(]分[)]|资产|负债|成本|利润|收入|支出|产值|产量|面积|人口|人数|次数|价|费|款|元|税|amount|total|price|sum|count",
    re.I,
)
OFFICE_PHONE = re.compile(
    r"咨询|办公|服务|监督|投诉|预约|值班|热线|单位|机构|公司|企业|网点|窗口|门店|医院|学校|客服|营业|对外|景区|场馆",
    re.I,
)

FREE_TEXT = re.compile(
    r"备注|诉求|内容|描述|情况|说明|事由|原因|经过|意见|病情|病史|诊断|症状|回访|反馈|结果|摘要|记录|问题|详情|事实|案由|案情|事项描述|留言|评价|建议|咨询|"
    r"走访|谈话|简介|简历|经历|事迹|处理|答复|回复|remark|comment|note|desc|detail|content|memo|reason|^bz$|^nr$",
    re.I,
)
OFFICIAL_HEADER = re.compile(
    r"经营范围|业务范围|许可范围|许可内容|许可事项|职责|职能|依据|法规|政策|条款|标准|口径|指标|适用|事项名称|"
    r"服务项目|主营|产品|资质|开放时间|营业时间|收费|交通",
    re.I,
)
"""Columns in which an office speaks of a body, a rule or a thing; free text still if a cell tells of a person."""  # noqa: E501
NARRATIVE = (
    r"先生|女士|小姐|同志|市民|来电|致电|反映|投诉|举报|诉求|家住|住在|身份证|联系电话|联系方式|手机号?[:：]|本人|我|你|她|[^其]他|^他|某某|某[，。的在]|当事人|患者|死者|"
    r"父亲|母亲|妻子|丈夫|儿子|女儿|配偶|家属|老伴|孙子|独居|贫困户|低保户|殴打|纠纷|邻居|房东|租客|业主|户主|老人家|小孩|孩子|嫌疑|受害|报警|当事|涉嫌|无证驾驶|代领"
)
OFFICIAL = (
    r"^指|包括|不包括|不含|含义|本[门大中小]类|适用于|是指|依据|根据《|《[^》]{2,}》|第[一二三四五六七八九十百\d]+[条章款项]|规定|办法|条例|标准|许可项目|一般项目|"
    r"经营范围|以及其他|及其他|等活动|的活动|的生产|的制造|的种植|服务活动|统计口径|计量单位|口径|同比|环比|初步核算|按.{1,12}计算|数据来源|调查|普查"
)
ORGANISATION = (
    r"(?:公司|集团|中心|局|委员会|办公室|厂|店|学校|小学|中学|大学|学院|幼儿园|医院|卫生院|诊所|药房|药店|银行|支行|分行|站|馆|所|院|处|社|场|园|超市|商行|经营部|"
    r"合作社|协会|基金会|酒店|宾馆|饭店|餐厅|停车场|公园|景区|广场|市场|大厦|寺|庙|桥|码头|机场|厕所|公厕|驿站|网点|门店|工作室|事务所|企业)(?:[(（].{1,12}[)）]|\d{1,3})?$"
)
PERSON_ROLE = re.compile(
    r"持有[人者]|昵称|网名|微信名|群名片|^居民$|村民|市民|群众|人员$|对象$|旅客|住客|客人|游客|乘客|捐[赠款助]|经营者|参保人|参合人|缴费人|成员|老人|长者|男方|女方|新郎|新娘|儿童|婴儿|新生儿|孕产妇|产妇|买受人|出卖人|"
    r"购买人|租户|住户|户口|军人|党员|干部|职工|员工|学员|运动员|选手|裁判|候选人|原告|被告|被执行人|失信|申报者|报名者|受助|受赠|帮扶|陪护|同住|随迁|"
    r"亲属|丈夫|妻子|父母|爸爸|妈妈|guest|patient|owner|student|member|donor",
    re.I,
)
"""Headers that may speak of persons; the values must be names all the same."""
PERSON_NUMBER = re.compile(
    r"(?:学籍|考籍|准考|考生|学生|社会?保障?|社保|医保|医疗保险|就诊[卡证]|住院|病案|病历|残疾|接种|教师资格|资格证|执业证|毕业证|学位证|职业资格|驾驶|结婚证|离婚证|"
    r"出生医?学?证|军官|士兵|警官|退役|优抚|户口簿?|居住证|工作证|从业|借书|读者|港澳|台胞|个人|职工)[^名期类型额]{0,8}(?:号码?|编号|证号|序列)$|^学号$|^户号$|"
    r"^考号$|微信|wechat|weixin|\bqq\b|^qq|支付宝|alipay|抖音号|微博",
    re.I,
)
"""Headers of numbers of one person each, which have no check that could prove them."""
NUMBER_VALUE = (
    r"^[A-Za-z\p{Han}]{0,6}[-_ ]?[0-9A-Za-z_\-]*\d[0-9A-Za-z_\-]{3,}$|^[A-Za-z][-_0-9A-Za-z]{5,19}$"
)
SOCIAL_ACCOUNT = r"(?i)^(?:qq号?|微信号?|weixin|wechat|wx)[:：_ ]?[a-z0-9_\-]{5,20}$"
