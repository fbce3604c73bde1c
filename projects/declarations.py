"""申报时逐项声明的问题：《渝北办法》第七条的五项排除与六项负面清单。"""

from __future__ import annotations

EXCLUSIONS: dict[str, str] = {
    "national_security": "涉及国家安全",
    "secrecy": "涉及保密事项",
    "justice": "属于司法审判",
    "administration": "属于行政行为",
    "beyond_duties": "不属于政府职能",
}
STOPS_AT_ONCE = frozenset({"national_security", "secrecy"})

NEGATIVE_LIST: dict[str, str] = {
    "not_own_duty": "不属于政府职责范围的服务事项",
    "must_do_itself": "应当由政府直接履职的事项",
    "goods_or_works": "政府采购法规定的货物和工程，以及工程与服务打包",
    "financing": "融资行为",
    "staffing": "人员招、聘用，以劳务派遣方式用工，设置公益性岗位",
    "otherwise_forbidden": "法律、行政法规、国务院规定的其他不得购买的事项",
}
