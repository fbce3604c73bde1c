"""The guidance catalogue of the demonstration: one version in every state, an upper one above."""

from __future__ import annotations

from datetime import date

from config.demo.telling import Telling, days
from core.events import drain
from disclosure.models import CatalogueDuty
from disclosure.services import approve_catalogue, send_back_catalogue, send_catalogue
from projects.models import CatalogueItem, CatalogueOpinion, CatalogueRevision, ServiceCatalogue
from projects.services import (
    abandon,
    add_item,
    adopt_revision,
    agree_to_catalogue,
    change_item,
    consult,
    draft_catalogue,
    handle_suggestion,
    register_upper_catalogue,
    remove_item,
    suggest_to_catalogue,
    take_back,
)

BEGUN, AGAIN, THIS_YEAR = date(2025, 1, 3), date(2025, 6, 3), date(2026, 2, 12)
UPPER = (
    ("C16000000", "信息技术服务", "", "均可", "市级部门和区县购买的各类信息技术服务"),
    ("C16010000", "软件开发服务", "软件开发服务", "均可", "按需求定制开发或者改造软件"),
    ("C16070000", "运行维护服务", "运行维护服务", "均可", "保障信息系统持续可用的运行维护"),
    ("C17000000", "电信和其他信息传输服务", "", "均可", "通信线路和信号传输"),
    (
        "C23110100",
        "计算机设备和软件租赁服务",
        "计算机设备和软件租赁服务",
        "均可",
        "设备和软件的租用",
    ),
    ("C23120100", "计算机设备维修和保养服务", "计算机设备维修和保养服务", "均可", "设备的维修保养"),
    ("C23070100", "公共信息服务", "其他信息服务", "均可", "面向公众的信息采集、发布和查询"),
)
CLOUD = "C16040000"


def tell_first_catalogues(t: Telling) -> None:
    """示范区, early 2025: what was in force at set-up is adjusted twice."""
    upper = _upper(t)
    _first(t, upper)
    _second(t, upper)


def _first(t: Telling, upper: ServiceCatalogue) -> None:
    reason = "密码法施行，测评条目写明密码应用安全性评估。"
    revision = _draft(t, "2025 年修订版", reason, BEGUN, upper)
    _change(t, revision, "C16060000", "写明密码应用安全性评估归入本项。", BEGUN, content=(
        "软件测试、系统评估和认证，网络安全等级保护测评、密码应用安全性评估归入本项"
    ))  # fmt: skip
    _ask(t, revision, days(BEGUN, 3), days(BEGUN, 17), "发改委", "经信委", "政务办")
    for place in ("发改委", "政务办"):
        _agree(t, revision, place, days(BEGUN, 6))
    _suggest(t, revision, "经信委", days(BEGUN, 7), "C16060000 建议同时写明软件造价评估。")
    _handle(
        t, revision, "经信委", days(BEGUN, 10), "不采纳：软件造价评估属评审咨询服务，另有条目。"
    )
    _adopt(t, revision, days(BEGUN, 13), date(2025, 1, 20), "示财购〔2025〕3号")
    _publish(t, revision, days(BEGUN, 20))


def _second(t: Telling, upper: ServiceCatalogue) -> None:
    """Adopted when the term for opinions had passed and one department had said nothing."""
    reason = "街道反映热线服务写得过窄，调整呼叫中心服务的内容。"
    on = days(BEGUN, 24)
    revision = _draft(t, "2025 年第二次修订版", reason, on, upper)
    words = "以电话、网络、视频等方式受理和回复咨询、投诉、求助，含坐席和知识库"
    _change(t, revision, "C16100000", "增列视频受理和知识库。", on, content=words)
    _ask(t, revision, days(on, 1), days(on, 10), "发改委", "经信委", "教委")
    for place in ("发改委", "经信委"):
        _agree(t, revision, place, days(on, 6))
    _adopt(t, revision, days(on, 12), date(2025, 2, 10), "示财购〔2025〕9号")
    # Published late: sent with a wrong day, sent back, and sent again.
    _publish(t, revision, date(2025, 3, 20), returned="公布日写成了通过日，请核对。")


def tell_later_catalogues(t: Telling) -> None:
    """One draft given up; one taken back, mended, and again before the departments."""
    upper = ServiceCatalogue.objects.get(jurisdiction=t.district.jurisdiction, level="city")
    given_up = _draft(t, "2025 年增补版", "拟增列区块链服务。", AGAIN, upper)
    note = "市级目录年内将调整，待市级目录发布后一并研究。"
    abandon(given_up, note=note, **t.finance().acts(days(AGAIN, 9)))
    _before_departments(t, upper)


def _before_departments(t: Telling, upper: ServiceCatalogue) -> None:
    """The 2026 version: cloud computing put under （一）其他, out for opinions a second time."""
    reason = "政务云由自建转为租用，云计算服务须能列入年度计划；卫星传输多年没有购买。"
    revision = _draft(t, "2026 年版", reason, THIS_YEAR, upper)
    _change(
        t, revision, CLOUD, "第七条未单列云计算，归入（一）其他信息技术服务。", THIS_YEAR,
        category=1, note="",
    )  # fmt: skip
    _ask(t, revision, days(THIS_YEAR, 1), days(THIS_YEAR, 12), "经信委", "政务办")
    _suggest(
        t, revision, "政务办", days(THIS_YEAR, 4), "卫星传输服务三年没有购买，建议删去。",
    )  # fmt: skip
    note = "按政务办意见删去卫星传输服务，另增数字证书服务。"
    take_back(revision, note=note, **t.finance().acts(days(THIS_YEAR, 5)))
    fresh = CatalogueRevision.objects.whole().get(pk=revision.pk)
    remove_item(
        CatalogueItem.objects.get(catalogue=fresh.catalogue, code="C17030000"),
        reason="三年没有购买；需要时由市级统一采购。",
        **t.finance().acts(days(THIS_YEAR, 5)),
    )
    add_item(
        fresh,
        code="C16990100",
        name="数字证书服务",
        category=1,
        kind="其他信息技术服务",
        nature="政府履职所需",
        content="机构和人员数字证书的签发、更新和验证",
        note="本级细化的品目，采购时按 C16990000 编报",
        parent_item=None,
        reason="电子签章全面推行，由其他信息技术服务中单列。",
        **t.finance().acts(days(THIS_YEAR, 5)),
    )
    due = date(2026, 3, 13)
    _ask(t, fresh, days(THIS_YEAR, 8), due, "发改委", "经信委", "政务办", "卫健委")
    _agree(t, fresh, "发改委", days(THIS_YEAR, 13))
    words = "建议云计算服务写明不含数据库等软件的购置。"
    _suggest(t, fresh, "经信委", days(THIS_YEAR, 14), words)


def tell_small_catalogue(t: Telling) -> None:
    """A finance bureau of one: a version that waits for its review, one not yet sent, a draft."""
    began = date(2025, 10, 13)
    waiting = _draft(t, "2025 年修订版", "区级目录首次修订，逐条核对性质。", began, None)
    words = "档案、图书、地图等资料的扫描、著录、建库"
    _change(t, waiting, "C16030300", "写明图书和地图。", began, content=words)
    _ask(t, waiting, days(began, 1), days(began, 11), "北发改委")
    _agree(t, waiting, "北发改委", days(began, 4))
    _adopt(t, waiting, days(began, 14), date(2025, 11, 3), "北财购〔2025〕6号")
    _send(t, waiting, days(began, 18))
    again = days(began, 60)
    kept = "应用软件的运行维护，含驻场值守"
    unsent = _draft(t, "2025 年第二次修订版", "档案馆反映运行维护写得过窄。", again, None)
    _change(t, unsent, "C16070300", "写明含驻场值守。", again, content=kept)
    _ask(t, unsent, days(again, 1), days(again, 11), "北经信委")
    _agree(t, unsent, "北经信委", days(again, 6))
    _adopt(t, unsent, days(again, 12), date(2026, 1, 5), "北财购〔2025〕9号")
    _draft(t, "2026 年版", "按市级目录重编，逐条核对种类和性质。", THIS_YEAR, None)


# --- Steps ----------------------------------------------------------------------------------------


def _upper(t: Telling) -> ServiceCatalogue:
    names = ("code", "name", "kind", "nature", "content")
    items = [
        dict(zip(names, row, strict=True)) | {"category": int(row[0][:3] == "C16")} for row in UPPER
    ]
    return register_upper_catalogue(
        t.finance().role.organisation,
        level="city",
        title="示范市政府购买信息服务指导性目录（2024 年版）",
        number="示范市财购〔2024〕18号",
        since=date(2024, 7, 1),
        items=items,
        **t.finance().acts(BEGUN),
    )


def _draft(
    t: Telling, edition: str, reason: str, on: date, upper: ServiceCatalogue | None
) -> CatalogueRevision:
    finance = t.finance()
    return draft_catalogue(
        finance.role.organisation,
        title=f"{t.district.jurisdiction}政府购买信息服务指导性目录（{edition}）",
        reason=reason,
        parent=upper,
        **finance.acts(on),
    )


def _change(
    t: Telling, revision: CatalogueRevision, code: str, reason: str, on: date, **values: object
) -> None:
    item = CatalogueItem.objects.get(catalogue=revision.catalogue, code=code)
    change_item(item, reason=reason, **values, **t.finance().acts(on))


def _ask(t: Telling, revision: CatalogueRevision, on: date, due: date, *places: str) -> None:
    asked = [t.district.organisations[place] for place in places]
    consult(revision, organisations=asked, answers_due_on=due, **t.finance().acts(on))


def _opinion(t: Telling, revision: CatalogueRevision, place: str) -> CatalogueOpinion:
    rows = CatalogueOpinion.objects.filter(
        revision=revision, organisation=t.district.organisations[place]
    )
    return rows.whole().latest("round_number")


def _agree(t: Telling, revision: CatalogueRevision, place: str, on: date) -> None:
    acts = _answerer(t, place, on)
    agree_to_catalogue(_opinion(t, revision, place), text="无修改意见。", **acts)


def _suggest(t: Telling, revision: CatalogueRevision, place: str, on: date, text: str) -> None:
    suggest_to_catalogue(_opinion(t, revision, place), text=text, **_answerer(t, place, on))


def _answerer(t: Telling, place: str, on: date) -> dict[str, object]:
    role = "joint_reviewer" if place in t.reviewers() else "section_head"
    return t.actor(place, role).acts(on)


def _handle(t: Telling, revision: CatalogueRevision, place: str, on: date, words: str) -> None:
    handle_suggestion(_opinion(t, revision, place), handling=words, **t.finance().acts(on))


def _adopt(t: Telling, revision: CatalogueRevision, on: date, since: date, number: str) -> None:
    adopt_revision(revision, since=since, number=number, **t.finance().acts(on))
    drain()


def _publish(t: Telling, revision: CatalogueRevision, on: date, *, returned: str = "") -> None:
    """Sent by one person of the bureau and reviewed by the other."""
    reviewer = t.district.actors["bai"]
    if returned:
        _send(t, revision, on, days(on, -30))
        send_back_catalogue(_duty(revision), reason=returned, **reviewer.acts(on))
    _send(t, revision, on)
    approve_catalogue(_duty(revision), **reviewer.acts(days(on, 1)))


def _send(t: Telling, revision: CatalogueRevision, on: date, said: date | None = None) -> None:
    code = t.district.jurisdiction.code
    send_catalogue(
        _duty(revision),
        medium=f"{t.district.jurisdiction}人民政府门户网站",
        address=f"https://www.example.gov.cn/{code}/zwgk/czgk/mulu-{on:%Y%m%d}.html",
        published_on=said or on,
        **t.finance().acts(on),
    )


def _duty(revision: CatalogueRevision) -> CatalogueDuty:
    return CatalogueDuty.objects.whole().get(revision=revision)
