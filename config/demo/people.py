"""Who and what there is in the three demonstration districts. All people are invented (虚构)."""

from __future__ import annotations

from accounts.roles import Role
from config.demo.district import Person, Place, Plan

PURCHASERS = {
    "文旅委": "区文化和旅游发展委员会",
    "教委": "区教育委员会",
    "卫健委": "区卫生健康委员会",
    "民政局": "区民政局",
    "人社局": "区人力资源和社会保障局",
    "城管局": "区城市管理局",
    "交通局": "区交通局",
    "市监局": "区市场监督管理局",
    "应急局": "区应急管理局",
    "政务办": "区政务服务和数据资源管理办公室",
    "龙溪街道": "龙溪街道办事处",
    "石船镇": "石船镇人民政府",
}
SURNAMES = {
    "教委": ("chen", "陈晨", "陈志远", "高远"),
    "卫健委": ("xu", "徐静", "徐国栋", "何敏"),
    "民政局": ("ma", "马丽", "马卫东", "罗强"),
    "人社局": ("zhu", "朱琳", "朱建军", "秦岚"),
    "城管局": ("hu", "胡涛", "胡志刚", "邓辉"),
    "交通局": ("guo", "郭颖", "郭长青", "曾勇"),
    "市监局": ("lin", "林悦", "林大为", "彭丽"),
    "应急局": ("tang", "唐波", "唐玉明", "潘峰"),
    "政务办": ("yuan", "袁洁", "袁正平", "董海"),
    "龙溪街道": ("feng", "冯雪", "冯国强", "蒋平"),
    "石船镇": ("cao", "曹刚", "曹永福", "余燕"),
}
KINDS = {"龙溪街道": "township", "石船镇": "township"}

CORE_PEOPLE = (
    Person("zhang", "张敏", "文旅委", Role.OFFICER),
    Person("li", "李建国", "文旅委", Role.SECTION_HEAD),
    Person("wang", "王芳", "文旅委", Role.DIVISION_LEADER),
    Person("lu", "陆琴", "文旅委", Role.LEADING_GROUP),
    Person("wei", "魏岚", "文旅委", Role.PRINCIPAL),
    Person("zhao", "赵磊", "财政局", Role.FINANCE),
    Person("bai", "白薇", "财政局", Role.FINANCE),
    Person("qian", "钱伟", "发改委", Role.JOINT_REVIEWER),
    Person("sun", "孙丽", "经信委", Role.JOINT_REVIEWER),
    Person("he", "何静", "常务会", Role.DECISION_SECRETARY),
    Person("xie", "谢宁", "常委会", Role.DECISION_SECRETARY),
    Person("zhou", "周航", "交易中心", Role.TRADING_CENTRE),
    Person("wu", "吴刚", "审计局", Role.AUDITOR),
    Person("sysadmin", "方毅", "信息中心", Role.SYSTEM_ADMIN),
    Person("secadmin", "石磊", "信息中心", Role.SECURITY_ADMIN),
    Person("logadmin", "温岚", "信息中心", Role.AUDIT_ADMIN),
)
BODIES = {
    "财政局": Place("区财政局", "finance", reviews=1, decides="finance", document_code="示财购复"),
    "发改委": Place("区发展和改革委员会", "reform", reviews=2),
    "经信委": Place("区经济和信息化委员会", "information", reviews=3),
    "常务会": Place("区政府常务会议", "decision_body", decides="standing_committee"),
    "常委会": Place("区委常委会议", "decision_body", decides="party_committee"),
    "交易中心": Place("区招投标交易中心", "trading_centre"),
    "审计局": Place("区审计局", "audit"),
    "信息中心": Place("区信息中心", "operator"),
}


LAKE_PATH = {
    # 审核路径分先后：归口科室→分管领导→领导小组→财政。
    "湖数据科": Place(
        "示范湖市政务办数据资源科", "department", reviews=1, step=1, step_name="归口科室"
    ),
    "湖分管办": Place(
        "示范湖市政务办分管领导", "department", reviews=2, step=2, step_name="分管领导"
    ),
    "湖领导小组": Place(
        "示范湖市项目支出领导小组",
        "decision_body",
        reviews=3,
        step=3,
        step_name="领导小组",
    ),
    "湖财政局": Place(
        "示范湖市财政局",
        "finance",
        reviews=4,
        step=4,
        step_name="财政",
        decides="finance",
        document_code="湖财项复",
    ),
}


def _own_people() -> list[Person]:
    people = []
    for place, (name, officer, head, leader) in SURNAMES.items():
        people += [
            Person(name, officer, place, Role.OFFICER),
            Person(f"{name}-head", head, place, Role.SECTION_HEAD),
            Person(f"{name}-leader", leader, place, Role.DIVISION_LEADER),
        ]
    return [
        *people,
        Person("yuan-group", "尹涛", "政务办", Role.LEADING_GROUP),
        Person("xu-principal", "贺鸣", "卫健委", Role.PRINCIPAL),
        Person("tang-two", "汤敏", "应急局", Role.OFFICER),
        Person("hu-two", "龚宁", "城管局", Role.OFFICER),
    ]


def main_district() -> Plan:
    """示范区: adopts both regulations; twelve purchasers, three joint reviewers."""
    purchasers = {
        short: Place(name, KINDS.get(short, "department"), nature=KINDS.get(short, "department"))
        for short, name in PURCHASERS.items()
    }
    return Plan(
        code="sf",
        name="示范区",
        adopts=("YB", "PH"),
        places={**purchasers, **BODIES},
        people=(*CORE_PEOPLE, *_own_people()),
        years=(2025, 2026),
        funds={
            "部门预算": "department_budget",
            "信息化专项资金": "special_fund",
            "本级财政管理资金": "local_treasury",
        },
    )


def small_districts() -> tuple[Plan, Plan]:
    """Two small units, each under one regulation."""
    north = Plan(
        code="sb",
        name="示范北区",
        adopts=("YB",),
        places={
            "北档案馆": Place("示范北区档案馆", "institution", nature="administrative_institution"),
            "北财政局": Place(
                "示范北区财政局", "finance", reviews=1, decides="finance", document_code="北财购复"
            ),
            "北发改委": Place("示范北区发展和改革委员会", "reform", reviews=2),
            "北经信委": Place("示范北区经济和信息化委员会", "information", reviews=3),
        },
        people=(
            Person("north", "北晓", "北档案馆", Role.OFFICER),
            Person("north-head", "纪文", "北档案馆", Role.SECTION_HEAD),
            Person("north-leader", "严明", "北档案馆", Role.DIVISION_LEADER),
            Person("north-finance", "金鑫", "北财政局", Role.FINANCE),
            Person("north-finance-leader", "韦光", "北财政局", Role.DIVISION_LEADER),
            Person("north-reform", "卢平", "北发改委", Role.JOINT_REVIEWER),
            Person("north-info", "舒畅", "北经信委", Role.JOINT_REVIEWER),
        ),
        funds={"北区部门预算": "department_budget"},
    )
    lake = Plan(
        code="sh",
        name="示范湖市",
        adopts=("PH",),
        places={
            "湖政数办": Place(
                "示范湖市政务服务和数据资源管理办公室", "department", nature="department"
            ),
            **LAKE_PATH,
        },
        people=(
            Person("lake", "湖清", "湖政数办", Role.OFFICER),
            Person("lake-head", "沈默", "湖政数办", Role.SECTION_HEAD),
            Person("lake-leader", "顾安", "湖政数办", Role.DIVISION_LEADER),
            Person("lake-group", "陶然", "湖政数办", Role.LEADING_GROUP),
            Person("lake-section", "阮青", "湖数据科", Role.JOINT_REVIEWER),
            Person("lake-deputy", "洪波", "湖分管办", Role.JOINT_REVIEWER),
            Person("lake-board", "岑岩", "湖领导小组", Role.JOINT_REVIEWER),
            Person("lake-finance", "钟诚", "湖财政局", Role.FINANCE),
        ),
        funds={"湖市本级财政管理资金": "local_treasury"},
    )
    return north, lake


SHOWN_ACCOUNTS = (
    "zhang",
    "li",
    "wang",
    "zhao",
    "bai",
    "qian",
    "sun",
    "he",
    "zhou",
    "wu",
    "sysadmin",
    "secadmin",
    "logadmin",
    "chen",
    "yuan",
    "lake",
    "north",
)
