"""What the log stored is told in words: fields, choices, amounts, rows; never raw codes."""

from __future__ import annotations

import pytest

from core.history.reading import events_of
from core.history.wording import EMPTY, HIDDEN, Difference, Names, differences, written
from tests import steps
from tests.world import DAY


def told(model: str, op: str = "update", **after):
    (found,) = differences({"model": model, "pk": 1, "op": op, "after": after}, Names())
    return found.label, found.after


class TestValues:
    @pytest.mark.parametrize(
        ("model", "stored", "shown"),
        [
            ("projects.project", {"total_fen": 186_000_000}, ("项目·项目总额", "1,860,000.00 元")),
            ("projects.project", {"total_fen": 0}, ("项目·项目总额", "0.00 元")),
            ("projects.project", {"kind": "subsidy"}, ("项目·路径", "补助")),
            ("projects.project", {"stage": "closed"}, ("项目·阶段", "办结")),
            ("projects.project", {"is_off_budget": True}, ("项目·未列入当年预算", "是")),
            ("projects.project", {"sealed_on": "2026-12-28"}, ("项目·封存日", "2026-12-28")),
            ("accounts.user", {"mobile": {"digest": "ab"}}, ("账号·手机号", HIDDEN)),
            (
                "audit.dossier",
                {"started_at": "2026-04-10T08:00:00.000000Z"},
                ("导出的案卷·开始时间", "2026-04-10 16:00:00"),
            ),
            ("core.parameter", {"value": ["甲", "乙"]}, ("参数·值", "甲、乙")),
            ("core.parameter", {"value": {"a": 1}}, ("参数·值", '{"a": 1}')),
        ],
        ids=lambda each: str(each)[:40],
    )
    def test_are_told_in_their_unit_and_word(self, model, stored, shown):
        assert told(model, **stored) == shown

    def test_what_is_empty_on_both_sides_is_not_told(self):
        entry = {"model": "projects.project", "pk": 1, "op": "create", "after": {"need": ""}}
        assert differences(entry, Names()) == []

    def test_a_model_and_a_field_that_are_no_more_keep_their_stored_names(self):
        assert told("gone.model", whatever=3) == ("gone.model·whatever", "3")
        assert told("projects.project", gone_field="x") == ("项目·gone_field", "x")

    def test_a_choice_that_is_no_more_keeps_its_code(self):
        assert told("projects.project", kind="gone") == ("项目·路径", "gone")

    def test_rows_are_counted_by_kind(self):
        entries = [
            {"model": "projects.estimateline", "pk": n, "op": "create", "after": {}} for n in (1, 2)
        ]
        assert [str(each) for each in written(entries)] == ["新增测算明细 2 条"]


class TestNames:
    """Keys are told by name, read a model at a time."""

    def test_a_key_is_told_by_the_name_of_its_row(self, world):
        user = world.zhang.user
        assert told("projects.project", officer_id=user.pk) == ("项目·经办人", "张敏")
        assert told("projects.project", officer_id=999_999) == ("项目·经办人", "#999999")

    def test_many_keys_of_one_model_cost_one_query(self, world, django_assert_num_queries):
        names = Names()
        entries = [
            {"model": "projects.project", "pk": n, "op": "update", "after": {"officer_id": pk}}
            for n, pk in enumerate((world.zhang.user.pk, world.li.user.pk, world.wu.user.pk))
        ]
        names.want(entries)
        with django_assert_num_queries(1):
            assert [differences(e, names)[0].after for e in entries] == ["张敏", "李建国", "吴刚"]


class TestSentences:
    @pytest.mark.parametrize(
        ("before", "after", "told"),
        [
            ("甲", "乙。", "栏由 甲 改为 乙"),
            (EMPTY, "同意。", "栏填为 同意"),
            ("甲", EMPTY, "栏清空（原为 甲）"),
            ("甲", "字" * 50, f"栏由 甲 改为 {'字' * 40}……"),
            ("甲", "一\n二", "栏由 甲 改为 一 二"),
        ],
    )
    def test_tell_one_change_in_a_few_words(self, before, after, told):
        assert Difference("表·栏", before, after, name="栏").told == told

    def test_say_who_what_and_from_what_to_what(self, world):
        project = steps.submit(world)
        sentence = next(
            e.sentence for e in events_of(project.stream()) if e.act == "projects.project.submit"
        )
        assert sentence.startswith("2025-10-22 张敏（区文化和旅游发展委员会，经办人）提交会审")
        assert "由“申报”转为“预算”" in sentence
        assert "申报轮次由 0 改为 1" in sentence
        assert "首次提交日填为 2025-10-22" in sentence

    def test_give_the_reason_and_few_of_many_changes(self, world):
        project = steps.file(world)
        steps.edit(project, need="甲", basis="乙", duty="丙", feasibility="丁", pre_review="戊")
        sentence = events_of(project.stream())[0].sentence
        assert "另有 1 处更改" in sentence
        assert DAY.isoformat() in sentence
