"""Lists of procurement intentions: one written into plans, one thrown away, one waiting."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from config.demo.telling import Telling, days
from projects.models import IntentionList, ListedIntention
from projects.services import (
    confirm_intentions,
    decide_intention,
    discard_intentions,
    receive_intentions,
)

ON = date(2026, 2, 16)
HEADER = (
    "采购单位", "发布时间", "采购项目名称", "采购需求概况", "预算金额(万元)", "拟面向中小企业预留",
    "预计采购时间",
)  # fmt: skip
Row = tuple[str, str, str, str, str, str, str]
WRITTEN: tuple[Row, ...] = (
    ("区文化和旅游发展委员会", "2026-02-03", "文化场馆预约平台运维", "平台的日常运维。", "36",
     "是", "2026年04月"),
    ("区教育委员会", "2026-02-04", "中考报名系统等级保护测评", "三级等保测评一次。", "8.5", "是",
     "2026年04月"),
    ("区教育委员会", "2026-02-04", "示范中学录播教室改造", "教室装修和录播设备。", "65", "是",
     "2026年04月"),
    ("示范区第一中学", "2026-02-04", "校园网络运维", "", "12", "", "2026年03月"),
    ("区城市管理局", "2026-02-05", "环卫作业车辆采购", "", "180", "", "2026年05月"),
)  # fmt: skip
WAITING: tuple[Row, ...] = (
    ("区人力资源和社会保障局", "2026-02-10", "窗口人员服务外包", "派驻窗口人员十二名。", "96", "否",
     "2026年04月"),
    ("区应急管理局", "2026-02-10", "应急指挥平台升级改造", "平台功能升级，含机房装修，工期六十日。",
     "148", "否", "2026年04月"),
    ("区卫生健康委员会", "2026-02-11", "基层医疗数据分析服务", "就诊数据的清洗和分析。", "45", "是",
     "2026年03月"),
    ("区交通局", "2026-02-11", "交通信息服务（一期）", "", "58", "", "2026年05月"),
    ("区交通局", "2026-02-11", "交通信息服务（二期）", "", "55", "", "2026年05月"),
    ("区市场监督管理局", "", "食品安全大赛", "", "二十万", "", "2026年06月"),
    ("示范区信息服务中心", "2026-02-12", "政务网站运维", "", "3200", "", "2026年05月"),
)  # fmt: skip


def tell_intentions(t: Telling) -> None:
    """示范区, February 2026."""
    written = _received(t, "一月采购意向.csv", WRITTEN, ON)
    confirm_intentions(written, **t.finance().acts(days(ON, 1)))
    twice = _received(t, "一月采购意向（重复）.csv", WRITTEN, days(ON, 1))
    discard_intentions(twice, note="与“一月采购意向”重复。", **t.finance().acts(days(ON, 1)))
    waiting = _received(t, "二月采购意向.csv", WAITING, days(ON, 7))
    decide_intention(
        _row(waiting, "窗口人员服务外包"),
        outcome="refuse",
        reason="实为派驻人员用工，属财政部令第102号第十条第（五）项。",
        **t.finance().acts(days(ON, 8)),
    )


def _received(t: Telling, name: str, rows: tuple[Row, ...], on: date) -> IntentionList:
    out = io.StringIO()
    csv.writer(out).writerows([HEADER, *rows])
    upload: Any = SimpleUploadedFile(name, out.getvalue().encode("utf-8-sig"))
    finance = t.finance()
    return receive_intentions(finance.role.organisation, upload, **finance.acts(on))


def _row(intentions: IntentionList, name: str) -> ListedIntention:
    rows = ListedIntention.objects.select_related("intentions__bureau__jurisdiction")
    return rows.get(intentions=intentions, name=name)
