"""The pages of the procurement stage: walk A, lines 4 to 7, and what each page refuses."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine

from core.history.reading import refusals_of
from procurement.models import Award, Bid, Preparation, Provider, Tender
from procurement.services import debar_provider
from projects.models import Package, Project, Stage
from tests import purchase
from tests.budgeting.steps import Desk
from tests.purchase import DEADLINE, DECIDED, INTENDED, NOTIFIED, PUBLISHED, REPORTED
from tests.steps import conclude, decide, fresh, reply
from tests.world import World

pytestmark = pytest.mark.django_db
SITE = {"medium": "政府采购网", "address": "https://www.example.gov.cn/cg/1.html"}


def rows(prefix: str, *values: dict[str, str], **management: str) -> dict[str, str]:
    """The rows of a table inside a form, with its management form."""
    data = {f"{prefix}-TOTAL_FORMS": str(len(values)), f"{prefix}-INITIAL_FORMS": "0"}
    for at, row in enumerate(values):
        data |= {f"{prefix}-{at}-{name}": value for name, value in row.items()}
    return data | management


def barred(world: World, name: str = "鼎信软件") -> Provider:
    made = purchase.provider(world, name)
    debar_provider(
        made,
        authority="区财政局",
        decision_number="示财罚〔2025〕3号",
        decided_on=date(2025, 6, 1),
        grounds="提供虚假材料谋取成交。",
        since=date(2025, 6, 1),
        until=date(2027, 5, 31),
        **world.zhao.acts(INTENDED),
    )
    return made


class TestTheWalk:
    """走一遍：意向、发布、响应、评审、成交，全在页面上办。"""

    def test_from_the_intention_to_the_notice(self, world: World) -> None:
        project = purchase.replied(world)
        self._prepare(world, project)
        tender = self._open(world, project)
        self._publish(world, tender)
        self._receive(world, tender)
        self._evaluate(world, tender)
        self._award(world, tender)
        assert fresh(project).stage == Stage.CONTRACT

    def _prepare(self, world: World, project: Project) -> None:
        desk, url = Desk(world.zhang), f"/procurement/projects/{project.pk}"
        with time_machine.travel(INTENDED):
            assert "登记采购准备" in desk.get("/desk/")
            tab = desk.get(f"{url}/")
            assert tab.count("缺</span>") == 3
            assert f'href="{url}/preparation/"' in tab
            desk.post(
                f"{url}/preparation/",
                survey="走访 12 个使用单位。",
                surveyed_on="2026-02-02",
                third_party="信息化咨询中心",
                third_party_opinion="测算合理。",
                assessment_standard="按月考核。",
            )
            desk.post(f"{url}/intention/", status=422, published_on="2026-02-02")
            desk.post(
                f"{url}/intention/", published_on="2026-02-02", expected_month="2026-03", **SITE
            )
            tab = desk.get(f"{url}/")
            assert "30 日届满" in tab
            assert "2026-03-04" in tab
            assert "缺</span>" not in tab
            assert "登记采购准备</a>" not in desk.get("/desk/")

    def _open(self, world: World, project: Project) -> Tender:
        desk, url = Desk(world.zhang), f"/procurement/projects/{project.pk}/open/"
        package = purchase.package_of(project)
        with time_machine.travel(INTENDED):
            assert "启动采购" in desk.get("/desk/")
            page = desk.get(url)
            assert f'<option value="{package.pk}" selected>' in page
            assert 'value="1,800,000.00"' in page
            form = {
                "package": str(package.pk),
                "mode": str(purchase.mode(world).pk),
                "number": "SF-CS-2026-001",
                "ceiling_price_fen": "1,800,000.00",
                "price_weight": "15",
            }
            response = desk.post(url, status=422, **(form | {"ceiling_price_fen": "一百八十万"}))
            assert "一百八十万" in Desk.text(response)
            desk.post(url, **form)
            tender = Tender.objects.get()
            assert "发布采购文件" in desk.get("/desk/")
            page = desk.get(tender.get_absolute_url())
            for words in ("SF-CS-2026-001", "竞争性磋商", "/publish/", "/revise/"):
                assert words in page
            assert "/start/" not in page
        return tender

    def _publish(self, world: World, tender: Tender) -> None:
        desk, url = Desk(world.zhang), f"/procurement/tenders/{tender.pk}/publish/"
        form = {
            "offered_from": "2026-03-05",
            "offered_until": "2026-03-12",
            "response_deadline": "2026-03-16",
            **SITE,
        }
        with time_machine.travel(date(2026, 3, 3)):
            text = Desk.text(desk.post(url, status=422, **form))
            assert "最早 2026-03-04" in text
        with time_machine.travel(PUBLISHED):
            page = desk.get(url)
            assert 'name="response_deadline" value="2026-03-16"' in page
            assert f"/procurement/tenders/{tender.pk}/schedule/" in page
            early = form | {"response_deadline": "2026-03-14"}
            text = Desk.text(desk.post(url, status=422, **early))
            assert "响应期只有 9 日" in text
            assert 'value="2026-03-14"' in text
            assert fresh(tender).status == "preparing"
            desk.post(url, **form)
            assert "供应商（截止 2026-03-16）" in desk.get("/desk/")
            assert "开启响应文件" not in desk.get("/desk/")

    def _receive(self, world: World, tender: Tender) -> None:
        desk, url = Desk(world.zhang), f"/procurement/tenders/{tender.pk}"
        out = barred(world)
        providers = [purchase.provider(world, name) for name in purchase.PRICES]
        with time_machine.travel(DEADLINE):
            assert "截止日已到，开启响应文件" in desk.get("/desk/")
            desk.post(f"{url}/open/")
            assert "取消资格至 2027-05-31" in desk.get(f"{url}/bids/")
            assert 'name="received_on" value="2026-03-16"' in desk.get(f"{url}/bids/")
            bid = {
                "received_on": "2026-03-16",
                "price_fen": "1,600,000.00",
                "promises_no_subcontracting": "on",
            }
            text = Desk.text(desk.post(f"{url}/bids/", status=422, provider=str(out.pk), **bid))
            assert "被取消承接资格至 2027-05-31" in text
            assert 'value="1,600,000.00"' in text
            for provider, fen in zip(providers, purchase.PRICES.values(), strict=True):
                price = f"{fen // 100}"
                desk.post(f"{url}/bids/", provider=str(provider.pk), **(bid | {"price_fen": price}))
            page = desk.get(f"{url}/")
            for words in ("1,756,800.00", "判为无效", "提交评审报告", "价格得分 = 评审基准价"):
                assert words in page

    def _evaluate(self, world: World, tender: Tender) -> None:
        desk, url = Desk(world.zhang), f"/procurement/tenders/{tender.pk}/evaluate/"
        with time_machine.travel(REPORTED):
            page = desk.get(url)
            assert "远桥科技" in page
            assert "满分 85 分" in page
            form = report_form(tender)
            self._keeps_what_was_typed(desk, url, form)
            desk.post(url, **form)
            page = desk.get(f"/procurement/tenders/{tender.pk}/")
            for words in ("14.52", "96.52", "1,700,000.00", "秦明、柳岸"):
                assert words in page
            assert "分管领导" in desk.get("/desk/")

    def _keeps_what_was_typed(self, desk: Desk, url: str, form: dict[str, str]) -> None:
        late = Desk.text(desk.post(url, status=422, **(form | {"reported_on": "2026-03-19"})))
        assert "报告送达日不能晚于今日" in late
        assert 'value="82"' in late
        few = Desk.text(desk.post(url, status=422, **(form | {"experts": "秦明"})))
        assert "评审小组的组成不合规" in few
        assert "远桥科技" in few
        moved = form | {"scores-0-bid": "999999"}
        assert "请返回后重新打开" in Desk.text(desk.post(url, status=422, **moved))

    def _award(self, world: World, tender: Tender) -> None:
        leader, officer = Desk(world.wang), Desk(world.zhang)
        url = f"/procurement/tenders/{tender.pk}"
        with time_machine.travel(DECIDED):
            assert "确定成交" in leader.get("/desk/")
            first = purchase.winner(tender)
            page = leader.get(f"{url}/decide/")
            assert f'value="{first.pk}" ' in page
            assert "第 1 名" in page
            second = Bid.objects.get(tender=tender, rank=2)
            text = Desk.text(leader.post(f"{url}/decide/", status=422, bid=str(second.pk)))
            assert "没有按评审次序确定" in text
            officer.post(f"{url}/decide/", status=403, bid=str(first.pk))
            leader.post(f"{url}/decide/", bid=str(first.pk))
        award = Award.objects.get(tender=tender)
        with time_machine.travel(NOTIFIED):
            assert "2026-03-24" in officer.get("/desk/")
            notify = f"/procurement/awards/{award.pk}/notify/"
            assert notify in officer.get(f"{url}/")
            assert notify in officer.get(f"/procurement/projects/{tender.package.project_id}/")
            officer.post(notify, number="示成交〔2026〕1号", **SITE)
            tab = officer.get(f"/procurement/projects/{tender.package.project_id}/")
            for words in ("明川信息", "1,756,800.00", "已公告", "2026-03-23"):
                assert words in tab
            assert "发出成交通知书" not in officer.get("/desk/")


def report_form(tender: Tender) -> dict[str, str]:
    bids = Bid.objects.filter(tender=tender).select_related("provider").order_by("pk")
    scores = [
        {"bid": str(bid.pk), "technical_score": purchase.SCORES[str(bid.provider)]} for bid in bids
    ]
    return {
        "evaluated_on": "2026-03-17",
        "reported_on": "2026-03-18",
        "experts": "秦明\n柳岸",
        "representatives": "张敏",
        "opinion": "推荐第一名。",
    } | rows("scores", *scores)


# --- 项目上的办理 --------------------------------------------------------------------------------


class TestPackages:
    """第十条：分包合计等于批复。"""

    def test_are_divided_to_the_last_fen(self, world: World) -> None:
        project = purchase.replied(world)
        url = f"/procurement/projects/{project.pk}/packages/"
        with time_machine.travel(INTENDED):
            desk = Desk(world.zhang)
            assert 'value="1,800,000.00"' in desk.get(url)
            two = ({"name": "平台运维", "budget_fen": "1,000,000.00"},)
            short = rows("packages", *two, {"name": "呼叫", "budget_fen": "799,999.99"})
            text = Desk.text(desk.post(url, status=422, **short))
            assert "各采购包预算合计与批复金额不等" in text
            assert 'value="799,999.99"' in text
            desk.post(url, **rows("packages", *two, {"name": "呼叫", "budget_fen": "800000"}))
            tab = desk.get(f"/procurement/projects/{project.pk}/")
            assert url in tab
        names = Package.objects.filter(project=project).values_list("name", "budget_fen")
        assert list(names) == [("平台运维", 100_000_000), ("呼叫", 80_000_000)]
        assert "平台运维" in tab

    def test_are_no_longer_divided_once_a_tender_is_open(self, world: World) -> None:
        project = purchase.replied(world)
        purchase.tender(world, project)
        with time_machine.travel(INTENDED):
            tab = Desk(world.zhang).get(f"/procurement/projects/{project.pk}/")
        assert f"/procurement/projects/{project.pk}/packages/" not in tab
        assert f"/procurement/projects/{project.pk}/open/" not in tab

    def test_are_divided_again_once_the_draft_is_put_aside(self, world: World) -> None:
        project = purchase.replied(world)
        draft = purchase.tender(world, project)
        tab, url = (
            f"/procurement/projects/{project.pk}/",
            f"/procurement/projects/{project.pk}/packages/",
        )
        two = (
            {"name": "平台运维", "budget_fen": "1000000"},
            {"name": "呼叫", "budget_fen": "800000"},
        )
        with time_machine.travel(INTENDED):
            desk = Desk(world.zhang)
            assert "请填写" in Desk.text(
                desk.post(f"/procurement/tenders/{draft.pk}/abandon/", status=422, note="")
            )
            desk.post(f"/procurement/tenders/{draft.pk}/abandon/", note="应分包采购")
            assert url in desk.get(tab)
            desk.post(url, **rows("packages", *two))
            page = desk.get(tab)
        for words in ("平台运维", "呼叫", "文件已作废", "已重新划分"):
            assert words in page
        assert 'class="number">1</td><th scope="row">公共文化' not in page

    def test_are_cancelled_by_the_leader(self, world: World) -> None:
        project = purchase.replied(world)
        url = f"/procurement/packages/{purchase.package_of(project).pk}/cancel/"
        with time_machine.travel(INTENDED):
            assert url in Desk(world.wang).get(f"/procurement/projects/{project.pk}/")
            assert url not in Desk(world.zhang).get(f"/procurement/projects/{project.pk}/")
            Desk(world.wang).post(url, status=422, note="")
            Desk(world.wang).post(url, note="任务取消。")
        assert fresh(project).stage == Stage.TERMINATED


class TestPreparation:
    def test_may_be_recorded_in_parts_and_changed(self, world: World) -> None:
        project = purchase.replied(world)
        url = f"/procurement/projects/{project.pk}/preparation/"
        with time_machine.travel(INTENDED):
            desk = Desk(world.zhang)
            desk.post(url, status=422)
            desk.post(url, status=422, survey="走访。", surveyed_on="2026-02-03")
            desk.post(url, survey="走访。", surveyed_on="2026-02-02")
            assert "走访。" in desk.get(url)
            desk.post(url, survey="走访十家。", surveyed_on="2026-02-02")
            tab = desk.get(f"/procurement/projects/{project.pk}/")
        assert Preparation.objects.get().survey == "走访十家。"
        assert tab.count("缺</span>") == 2

    @pytest.mark.parametrize(
        "typed",
        [
            {"published_on": "2026-02-02", "expected_month": "2026-13", **SITE},
            {"published_on": "2026-02-03", "expected_month": "2026-03", **SITE},
            {"published_on": "0026-02-02", "expected_month": "2026-03", **SITE},
            {"published_on": "2026-02-02", "expected_month": "2026-03"},
            {"exemption": "急需", "medium": "网站"},
            {},
        ],
    )
    def test_intention_is_published_or_exempted(self, world: World, typed: dict[str, str]) -> None:
        project = purchase.replied(world)
        url = f"/procurement/projects/{project.pk}/intention/"
        with time_machine.travel(INTENDED):
            Desk(world.zhang).post(url, status=422, **typed)
            Desk(world.zhang).post(url, exemption="不可预见的急需。")
            assert "不可预见的急需。" in Desk(world.zhang).get(
                f"/procurement/projects/{project.pk}/"
            )


def test_a_subsidy_is_not_tendered(world: World) -> None:
    """《平湖办法》第七条第（四）项：页面说明，办理被规则拒绝并入历史。"""
    subsidy = _subsidy(world)
    with time_machine.travel(INTENDED):
        desk = Desk(world.zhang)
        tab = desk.get(f"/procurement/projects/{subsidy.pk}/")
        url = f"/procurement/projects/{subsidy.pk}/open/"
        for words in ("补助不经采购", "/regulations/PH/7/", f'href="{url}"'):
            assert words in tab
        assert "补助项目不得启动采购" in desk.get(url)
        text = Desk.text(desk.post(url, status=422))
    assert "补助项目不得启动采购" in text
    assert refusals_of(subsidy.stream())[-1].act == "projects.project.open_tender"


def _subsidy(world: World) -> Project:
    from tests.programme import programme

    changes = programme(world, programme="township_subsidy", kind="subsidy")
    changes["estimate"] = [world.estimate(23_250_000, "8")]
    project = conclude(world, name="便民服务中心补助", **changes)
    decide(world, project)
    reply(world, project)
    return fresh(project)


# --- 其他方式与失败 ------------------------------------------------------------------------------


class TestOwnPurchase:
    """限额以下自行采购：不公告，全看价格。"""

    def test_starts_receives_and_ranks_by_price(self, world: World) -> None:
        project = purchase.replied(world, fen=20_000_000)
        purchase.prepare(world, project)
        tender = purchase.tender(world, project, method="own", price_weight=100)
        url = f"/procurement/tenders/{tender.pk}"
        with time_machine.travel(DEADLINE):
            desk = Desk(world.zhang)
            assert "开始自行采购" in desk.get("/desk/")
            page = desk.get(f"{url}/")
            assert f'href="{url}/start/"' in page
            assert f'href="{url}/publish/"' not in page
            assert "没有法定的" in desk.get(f"{url}/schedule/")
            desk.get(f"{url}/publish/")
            desk.post(f"{url}/start/")
            provider = purchase.provider(world)
            desk.post(
                f"{url}/bids/",
                provider=str(provider.pk),
                received_on="2026-03-16",
                price_fen="190000",
                promises_no_subcontracting="on",
            )
            assert "技术商务得分" not in desk.get(f"{url}/evaluate/")
            days = {"evaluated_on": "2026-03-16", "reported_on": "2026-03-16"}
            desk.post(f"{url}/evaluate/", opinion="推荐。", **days)
        assert purchase.winner(tender).price_score == 100


class TestFailure:
    def test_sends_the_package_back_and_the_next_attempt_stands_first(self, world: World) -> None:
        tender = purchase.opened(world)
        url = f"/procurement/tenders/{tender.pk}"
        with time_machine.travel(DEADLINE):
            desk = Desk(world.zhang)
            desk.post(f"{url}/fail/", status=422, ground="", reason="不足三家")
            desk.post(f"{url}/fail/", ground="too_few", reason="只有两家。")
            assert "只有两家。" in desk.get(f"{url}/")
            page = desk.get("/desk/")
            assert "再次启动采购" in page
            purchase.tender(world, tender.package.project)
            tab = desk.get(f"/procurement/projects/{tender.package.project_id}/")
        assert tab.index("第 2 次") < tab.index("第 1 次")
        assert "采购失败" in tab

    def test_an_invalid_bid_keeps_its_reason(self, world: World) -> None:
        tender = purchase.opened(world)
        bid = purchase.bid(world, tender, "明川信息", 170_000_000)
        with time_machine.travel(DEADLINE):
            desk = Desk(world.zhang)
            desk.post(f"/procurement/bids/{bid.pk}/invalidate/", status=422, reason="")
            desk.post(f"/procurement/bids/{bid.pk}/invalidate/", reason="未提供社保证明。")
            page = desk.get(f"/procurement/tenders/{tender.pk}/")
        assert "未提供社保证明。" in page
        assert f"/procurement/bids/{bid.pk}/invalidate/" not in page


# --- 期限核对 ------------------------------------------------------------------------------------


def test_the_schedule_is_checked_day_by_day(world: World) -> None:
    """RULEBOOK 5.5：03-05 发出，03-14 只有 9 日；最早 03-15 是周日，建议 03-16。"""
    project = purchase.replied(world)
    purchase.prepare(world, project)
    tender = purchase.tender(world, project)
    url = f"/procurement/tenders/{tender.pk}/schedule/"
    with time_machine.travel(PUBLISHED):
        desk = Desk(world.zhang)
        short = desk.get(f"{url}?published_on=2026-03-05&response_deadline=2026-03-14")
        for words in ("不合法", "只有 9 日", "2026-03-15（周日）", "建议 2026-03-16（周一）"):
            assert words in short
        assert "周日，休息日，不计" in short
        assert "<details>" in short
        sunday = desk.get(f"{url}?published_on=2026-03-05&response_deadline=2026-03-15")
        assert "合法：距发布 10 日" in sunday
        assert "当日不是工作日，建议 2026-03-16" in sunday
        early = desk.get(f"{url}?published_on=2026-03-03&response_deadline=2026-03-16")
        assert "最早日是 2026-03-04" in early
        assert "2026-03-05" in desk.get(url)
        for day in ("2031-03-05", "2026-12-29"):
            unknown = desk.get(f"{url}?published_on={day}&response_deadline={day}")
            assert "暂无法确定" in unknown
        for bad in ("?published_on=9999-12-31", "?published_on=x&response_deadline=y"):
            assert 'role="alert"' in desk.get(url + bad, status=422)
        Desk(world.chen).get(url, status=404)


# --- 交易中心 ------------------------------------------------------------------------------------


def test_a_centralised_tender_is_run_by_the_centre(world: World) -> None:
    project = purchase.replied(world)
    purchase.prepare(world, project)
    other = purchase.replied(world, fen=10_000_000, name="不委托的项目")
    tender = purchase.tender(world, project, method="open")
    url = f"/procurement/tenders/{tender.pk}"
    with time_machine.travel(PUBLISHED):
        centre, officer = Desk(world.zhou), Desk(world.zhang)
        page = centre.get("/desk/")
        for words in ("发布采购文件", "/procurement/tenders/", "/procurement/providers/"):
            assert words in page
        page = officer.get("/desk/")
        assert "交易中心" in page
        assert f'<a href="{url}/">发布采购文件</a></td>' in page
        centre.get(f"/procurement/projects/{project.pk}/")
        centre.get(f"/procurement/projects/{other.pk}/", status=404)
        form = {
            "offered_from": "2026-03-05",
            "offered_until": "2026-03-12",
            "response_deadline": "2026-03-25",
            **SITE,
        }
        officer.post(f"{url}/publish/", status=403, **form)
        centre.post(f"{url}/publish/", **form)
        assert project.number in centre.get("/procurement/tenders/?export=csv")
    assert fresh(tender).status == "published"
