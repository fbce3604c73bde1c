"""The story of a purchase: told from its notices alone, in the order of the seven stages."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from disclosure.public.models import NoticeKind
from disclosure.public.selectors import notices_of
from disclosure.public.story import STAGES, TELLINGS, sentence, story
from tests.disclosure.public.making import DAY, frozen, page

pytestmark = pytest.mark.django_db

NUMBER = "SF-2026-0001"
LIST, STORY = "/public/projects/", f"/public/projects/{NUMBER}/"


def contract(**changes):
    rows = [
        ["供应商（乙方）", "示范信息技术有限公司"],
        ["合同金额", "1,756,800.00 元"],
        ["履约期限", "2026年5月1日至2027年4月30日"],
    ]
    values = {"kind": NoticeKind.CONTRACT, "published_on": date(2026, 4, 13), "rows": rows}
    return frozen("平台运维合同公告", **values | changes)


def result(**changes):
    rows = [["供应商名称", "示范信息技术有限公司"], ["成交金额", "1,756,800.00 元"]]
    values = {"kind": NoticeKind.RESULT, "published_on": date(2026, 3, 23), "rows": rows}
    return frozen("平台运维成交结果公告", **values | changes)


class TestTelling:
    def test_every_kind_of_notice_can_be_told(self):
        assert set(NoticeKind.values) <= set(TELLINGS)
        assert {telling.stage for telling in TELLINGS.values()} <= set(STAGES)

    def test_says_who_what_when_and_how_much(self):
        assert sentence(contract()) == (
            "2026年4月13日，区文化和旅游发展委员会公布了签订的合同：由示范信息技术有限公司承担；"
            "合同金额 1,756,800.00 元；服务期限为2026年5月1日至2027年4月30日。"
        )

    def test_says_no_more_than_the_notice(self):
        assert sentence(result(rows=[])).endswith("公布了采购结果。")

    def test_a_section_of_text_is_called_by_its_heading(self):
        found = frozen(kind=NoticeKind.FAILED)
        found.fields = [{"heading": "二、项目终止的原因", "text": ["只收到两家。"], "rows": []}]

        assert sentence(found).endswith("公告这一次采购没有成功：原因是只收到两家。")

    def test_a_long_value_is_cut(self):
        told = sentence(result(rows=[["供应商名称", "长" * 500]]))
        assert len(told) < 200
        assert "……" in told


class TestStages:
    def test_each_notice_stands_in_its_stage_and_the_rest_is_said_to_be_missing(self):
        frozen(), result(), contract()

        told = story(notices_of(NUMBER))

        assert [(step.label, len(step.told)) for step in told.steps if step.told] == [
            ("采购", 2),
            ("合同", 1),
        ]
        assert [step.label for step in told.steps if step.is_silent] == [
            "申报",
            "预算",
            "实施",
            "评估",
        ]
        assert told.reached == "合同"

    def test_a_correction_stands_beside_what_it_corrects_and_is_linked(self):
        first = contract()
        second = contract(supersedes=first.number, published_on=date(2026, 4, 20))

        told = next(s for s in story(notices_of(NUMBER)).steps if s.label == "合同").told

        assert [entry.later for entry in told] == [second, None]
        assert f"更正了公告 {first.number}" in told[1].sentence
        assert second.get_absolute_url() in page(STORY)

    def test_the_figures_are_the_latest_and_say_when_they_were_corrected(self):
        first = contract()
        second = contract(supersedes=first.number, rows=[["更正理由", "期限有误"]])
        result()

        assert story(notices_of(NUMBER)).figures == [
            ("成交金额", "1,756,800.00 元"),
            ("合同金额", f"1,756,800.00 元（见 {second.number}）"),
        ]

    def test_the_ending_of_a_contract_is_told_with_the_contract(self):
        frozen("合同终止公告", kind="termination", rows=[["合同编号", "HT-1"]])
        frozen("采购终止公告", kind="termination")

        steps = {s.label: len(s.told) for s in story(notices_of(NUMBER)).steps}

        assert (steps["合同"], steps["采购"]) == (1, 1)

    def test_a_kind_nobody_told_us_of_is_still_shown(self):
        found = frozen()
        found.kind = "new_kind"

        assert story([found]).reached == "公开"


class TestPages:
    def test_the_story_opens_without_sign_in_with_seven_headings(self):
        frozen(rows=[["预算金额（万元）", "180.00"], ["预计采购时间", "2026年3月"]])

        text = page(STORY)

        assert "预告将要采购这项服务：预算 180.00 万元；预计2026年3月采购。" in text
        assert [f"{n}. {label}</h2>" in text for n, label in enumerate(STAGES, 1)] == [True] * 7
        assert text.count("<strong>尚未公开。</strong>") == 5

    def test_a_project_without_notices_is_not_found(self):
        assert "检索公告" in page("/public/projects/SF-2026-9999/", status=404)

    def test_the_list_has_each_project_once_by_its_latest_notice(self):
        frozen(), result()
        frozen("别的", project_number="SF-2026-0002", project_name="另一个项目")

        text = page(LIST)

        assert text.count(f'href="{STORY}"') == 1
        assert "公告 2 份，已公开到“采购”" in text
        assert text.index("另一个项目") > text.index(STORY)

    def test_the_latest_of_the_same_day_is_the_last_frozen(self):
        frozen("先"), frozen("后")

        assert page(f"{LIST}?export=csv").count("SF-2026-0001") == 1

    def test_asks_as_much_for_many_projects_as_for_one(self):
        counts = []
        for number in range(2):
            frozen(project_number=f"SF-2026-{number:04d}")
            with CaptureQueriesContext(connection) as queries:
                page(LIST)
            counts.append(len(queries))
        assert counts[0] == counts[1]

    @pytest.mark.parametrize(
        ("query", "is_found"),
        [
            ("year=2026", True),
            ("purchaser=区文化和旅游发展委员会", True),
            ("purchaser=北档案馆", False),
            ("jurisdiction=sf", True),
            ("jurisdiction=north", False),
        ],
    )
    def test_filters(self, query, is_found):
        frozen(published_on=DAY + timedelta(days=1))
        frozen("别处", project_number="N-1", jurisdiction_code="north", purchaser_name="北档案馆")

        text = page(f"{LIST}?{query}")
        assert (STORY in text) == is_found
