"""The guided form: files, templates, weight, what each field says; the purchasers' pages."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.attachments import Attachment
from core.history.reading import refusals_of
from core.rules import RULES
from core.transitions import NotPermitted
from projects.forms import CONDITIONS, SECTIONS
from projects.models import Paper, Project, PurchaserStatus
from projects.models.project import FILING_RULES
from projects.selectors.purchasers import purchaser_rows, standing_of, who_may_buy
from projects.services import PurchaserScope, register_status
from projects.views.typed import initial_of
from tests import steps
from tests.programme import programme
from tests.projects.test_pages import as_, opened_form, rows, typed, world  # noqa: F401
from tests.world import DAY

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n%%EOF\n"
STANDING = {"nature": "party_organ", "staffing": "administrative", "funding": "treasury"}


def pdf(name: str = "测算表.pdf", data: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def section(text: str, title: str) -> str:
    """One folding section, as the page prints it."""
    return next(s for s in re.findall(r"<details.*?</details>", text, re.S) if title in s)


class TestSections:
    """Every field a rule uses names the rule; a field no rule uses is never mandatory."""

    def test_name_rules_that_are_asked_at_filing(self):
        asked = [a for s in SECTIONS for a in s.asked]
        named = {a.rule for a in asked if a.rule}
        assert named <= set(FILING_RULES) & set(RULES)
        assert [a.name for a in asked if a.when and not a.rule] == []
        assert {w for s in SECTIONS for w in s.when} <= set(CONDITIONS)

    @pytest.mark.parametrize(
        "asked",
        [
            a
            for s in SECTIONS
            for a in s.asked
            if a.when in ("always", "programme", "studied", "planned", "systems", "reviewed")
            and not a.name.startswith(("paper_", "is_", "planning_none", "duty_code"))
        ],
        ids=lambda a: a.name,
    )
    def test_a_mandatory_field_left_blank_breaks_the_rule_it_names(self, world, asked):  # noqa: F811
        value = initial_of(steps.file(world, **programme(world)))[asked.name]
        blank = None if asked.name.endswith("_on") else ""
        changes = {asked.name: blank}
        project = steps.file(world, **programme(world, **changes))
        steps.sign_all(world, project)

        assert value
        assert steps.verdict(project, asked.rule).state == "unmet"

    def test_follow_the_amount_and_the_programme(self, as_, world):  # noqa: F811
        client = as_("zhang")
        address = opened_form(client, world)
        small = client.post(address, typed(world, total="1")).content.decode()
        key = client.post(address, typed(world, programme="smart_city", total="1")).content.decode()

        assert "data-weight-word>小额<" in small
        assert not re.search(r"<details[^>]* open", section(small, "论证与预审"))
        assert "data-weight-word>重点<" in key
        assert re.search(r"<details[^>]* open", section(key, "论证与预审"))
        assert "可行性论证：特定目标类、重点项目必填" in key
        assert "/regulations/PH/11/" in section(key, "论证与预审")


class TestPapers:
    def test_come_with_the_filing_and_stand_on_the_case(self, as_, world):  # noqa: F811
        client = as_("zhang")
        data = typed(world) | {"paper_calculation": pdf()}
        answer = client.post(opened_form(client, world), data, follow=True)

        row = Attachment.objects.get()
        assert row.purpose == "申报附件：测算表"
        assert f'href="{reverse("core:file", args=[row.pk])}"' in answer.content.decode()

    @pytest.mark.parametrize(
        ("upload", "status"),
        [
            (pdf("测算表.exe"), 415),
            (pdf("测算表.pdf", b"MZ"), 415),
            (pdf("大.pdf", PDF + b"0" * 21 * 1024 * 1024), 413),
        ],
    )
    def test_refused_keep_the_form_and_save_nothing(self, as_, world, upload, status):  # noqa: F811
        client = as_("zhang")
        answer = client.post(
            opened_form(client, world), typed(world) | {"paper_calculation": upload}
        )

        assert answer.status_code == status
        assert "公共文化信息服务平台运维" in answer.content.decode()
        assert not Project.objects.exists()
        assert not Attachment.objects.exists()

    def test_stay_through_a_revision_unless_replaced(self, as_, world):  # noqa: F811
        project = steps.file(world, **programme(world))
        client = as_("zhang")
        address = reverse("projects:edit", args=[project.pk])
        assert "已上传“测算表.pdf”" in client.get(address).content.decode()

        client.post(address, typed(world) | {"paper_study": pdf("可研.pdf")})

        held = steps.fresh(project)
        purposes = Attachment.objects.order_by("pk").values_list("purpose", flat=True)
        assert held.version > project.version
        assert set(purposes) == {
            f"申报附件：{Paper(k).label}" for k in ("calculation", "pre_review", "study")
        }


class TestTemplate:
    """《平湖办法》第九条: chosen in the form, values typed by the clerk, nothing saved by it."""

    def test_adds_its_rows_below_what_was_typed(self, as_, world):  # noqa: F811
        client = as_("zhang")
        data = typed(world) | {"template": "cloud", "use_template": "1"}
        answer = client.post(opened_form(client, world), data)
        text = answer.content.decode()

        assert answer.status_code == 200
        assert not Project.objects.exists()
        assert "公共文化信息服务平台运维" in text
        assert 'name="indicators-0-name" value="系统可用率"' in text
        place = re.search(r'name="indicators-(\d+)-name" value="系统故障响应时间"', text)[1]
        assert f'name="indicators-{place}-unit" value="小时"' in text
        assert re.search(rf'name="indicators-{place}-value"(?![^>]*value="\d)', text)

    def test_is_not_added_twice(self, as_, world):  # noqa: F811
        client = as_("zhang")
        row = {
            "level": "output", "name": "网络应用正常运行率", "operator": "eq",
            "value": "100", "unit": "%", "weight": "100",
        }  # fmt: skip
        data = typed(world, **rows("indicators", [row]))
        data |= {"template": "cloud", "use_template": "1"}
        text = client.post(opened_form(client, world), data).content.decode()

        assert text.count('value="网络应用正常运行率"') == 1

    def test_an_unknown_one_changes_nothing(self, as_, world):  # noqa: F811
        client = as_("zhang")
        data = typed(world) | {"template": "x", "use_template": "1"}
        assert client.post(opened_form(client, world), data).status_code == 200


class TestSplittingAtFiling:
    """The warning comes with the filing; with its reason given it is silent."""

    @pytest.mark.parametrize(("reason", "is_warned"), [("", True), ("承接要求不同", False)])
    def test_is_said_unless_answered(self, as_, world, reason, is_warned):  # noqa: F811
        steps.file(world, estimate=[world.estimate(230_000_000)])
        client = as_("zhang")
        data = typed(world, splitting_reason=reason)
        text = client.post(opened_form(client, world), data, follow=True).content.decode()

        assert ("请核对是否以化整为零规避公开招标；请写明分开填报的理由" in text) == is_warned
        assert steps.fresh(Project.objects.latest("pk")).splitting_reason == reason


class TestPurchaserPages:
    """《渝北办法》第五条: finance keeps who may purchase, from which day, on which paper."""

    def test_finance_registers_and_corrects(self, as_, world):  # noqa: F811
        purchaser = world.purchasers["文旅委"]
        address = reverse("projects:purchaser_status", args=[purchaser.pk])
        for basis in ("示编〔2025〕1号", "示编〔2025〕2号"):
            data = STANDING | {"since": "2025-11-01", "basis": basis}
            assert as_("zhao").post(address, data).status_code == 302

        row = PurchaserStatus.objects.get()
        assert (row.nature, row.basis) == ("party_organ", "示编〔2025〕2号")
        page = as_("zhao").get(reverse("projects:purchaser", args=[purchaser.pk]))
        assert "示编〔2025〕2号" in page.content.decode()

    @pytest.mark.parametrize(
        "wrong",
        [{"since": ""}, {"since": "昨天"}, {"since": "0001-01-01"}, {"nature": "x"}, {"basis": ""}],
    )
    def test_what_is_wrong_is_said_at_the_field(self, as_, world, wrong):  # noqa: F811
        address = reverse("projects:purchaser_status", args=[world.purchasers["文旅委"].pk])
        data = STANDING | {"since": "2025-11-01", "basis": "示编〔2025〕1号"} | wrong
        answer = as_("zhao").post(address, data)

        assert answer.status_code == 422
        assert "field--error" in answer.content.decode()
        assert not PurchaserStatus.objects.exists()

    def test_a_clerk_reads_and_does_not_write(self, as_, world):  # noqa: F811
        purchaser = world.purchasers["文旅委"]
        assert as_("zhang").get(reverse("projects:purchasers")).status_code == 200
        address = reverse("projects:purchaser_status", args=[purchaser.pk])
        assert as_("zhang").get(address).status_code == 403
        with pytest.raises(NotPermitted):
            register_status(purchaser, since=DAY, basis="x", **STANDING, **world.zhang.acts())
        assert len(list(refusals_of(PurchaserScope(purchaser).stream()))) == 1

    def test_the_list_shows_today_and_is_exported(self, as_, world):  # noqa: F811
        register_status(
            world.purchasers["教委"], since=DAY, basis="示编", **STANDING, **world.zhao.acts()
        )
        client = as_("zhao")
        assert "可以（参照执行）" in client.get(reverse("projects:purchasers")).content.decode()
        answer = client.get(reverse("projects:purchasers"), {"export": "csv"})
        assert "党的机关" in b"".join(answer.streaming_content).decode()

    def test_a_repeated_key_registers_once(self, world):  # noqa: F811
        said = {"since": DAY, "basis": "示编", **STANDING, "key": "k" * 32}
        first = register_status(world.purchasers["教委"], **said, **world.zhao.acts())
        assert register_status(world.purchasers["教委"], **said, **world.zhao.acts()) == first

    @pytest.mark.parametrize(
        ("nature", "staffing", "funding", "expected"),
        [
            ("department", "administrative", "treasury", "可以"),
            ("administrative_institution", "referenced", "treasury", "可以，核对不属公益一类"),
            ("party_organ", "administrative", "treasury", "可以（参照执行）"),
            ("party_organ", "administrative", "own", "不可以：参照执行须行政编制且财政负担"),
            ("public_welfare_one", "administrative", "treasury", "不得购买"),
        ],
    )
    def test_the_verdict_is_the_rules(self, world, nature, staffing, funding, expected):  # noqa: F811
        row = register_status(
            world.purchasers["文旅委"],
            since=DAY,
            basis="示编",
            nature=nature,
            staffing=staffing,
            funding=funding,
            **world.zhao.acts(),
        )
        listed = purchaser_rows(world.zhao.user, DAY).get(pk=row.purchaser_id)

        assert who_may_buy(standing_of(listed)) == expected
        rule = steps.verdict(steps.file(world), "YB-5-purchaser-eligible").state
        assert (rule == "met") == expected.startswith("可以")
