"""《渝北办法》第七条：申报时逐项声明的五项排除与六项负面清单，以及五类服务各列的种类。"""

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

# 第七条（一）至（五）逐一列出的种类，用原文的词；指导性目录据此核对有没有遗漏。
KINDS: dict[int, tuple[str, ...]] = {
    1: (
        "软件开发服务",
        "信息系统集成实施服务",
        "数据处理服务",
        "信息化工程监理服务",
        "测试评估认证服务",
        "运行维护服务",
        "运营服务",
        "信息技术咨询服务",
        "呼叫中心服务",
        "其他信息技术服务",
    ),
    2: ("电信服务", "互联网信息服务", "卫星传输服务", "其他电信和信息传输服务"),
    3: ("计算机设备和软件租赁服务",),
    4: ("计算机设备维修和保养服务",),
    5: ("其他信息服务",),
}
