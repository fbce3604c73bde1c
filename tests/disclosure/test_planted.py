"""Five hundred numbers planted in all that notices are made from: no published byte holds one."""

from __future__ import annotations

import random
import unicodedata

import pytest
from django.test import Client

from contracts.models import ContractLine
from disclosure.models import NoticeDraft, NoticeKind, PublishedNotice
from disclosure.public.models import SEALED
from performance.models import EvaluationOpinion
from procurement.models import EvaluationReport, FailureGround, Preparation, TenderStatus
from projects.models import Indicator
from tests import steps
from tests.disclosure import numbers
from tests.disclosure.cases import ANNOUNCED, PUBLISHED, Purchase, corrected, drafted, reviewed

COUNT = 500


class Planter:
    """Hands out numbers in random dresses, a few for each text."""

    def __init__(self) -> None:
        self.rng = random.Random(20260302)
        self.numbers = numbers.some(COUNT)
        self.left = list(self.numbers)

    def few(self, text: str, count: int) -> str:
        """The text with so many numbers in it, side by side or between words."""
        signs = ("，", "；", "、", "转", " 或 ", "\n")
        found = [numbers.dressed(self.rng, self.left.pop()) for _ in range(count)]
        return text + "".join(f"{self.rng.choice(signs)}{number}" for number in found)


@pytest.fixture
def planter():
    return Planter()


@pytest.fixture
def published(world, planter):
    """Every kind of notice, made from sources full of numbers, reviewed and frozen."""
    purchase = Purchase(world, name=planter.few("文化信息平台运维", 2))
    plant_in_the_project(purchase, planter)
    for kind, subject, details in subjects(purchase, planter):
        draft = drafted(purchase, kind, subject, ANNOUNCED, details=details)
        reviewed(world, NoticeDraft.objects.with_case().get(pk=draft.pk), ANNOUNCED)
    original = NoticeDraft.objects.with_case().get(kind=NoticeKind.RESULT)
    correction = corrected(
        world,
        original,
        "供应商地址",
        planter.few("示范区科技路 9 号", 5),
        reason=planter.few("录入有误", len(planter.left)),
    )
    reviewed(world, correction, ANNOUNCED)
    return list(PublishedNotice.objects.all())


def plant_in_the_project(purchase, planter):
    steps.edit(purchase.project, need=planter.few("平台运维服务", 40), reply_number="示财购复1号")
    steps.edit(purchase.package, name=planter.few("运维", 2))
    steps.edit(purchase.project.purchaser.organisation, name=planter.few("区文旅委", 1))
    indicator = Indicator.objects.filter(project=purchase.project).first()
    steps.edit(indicator, name=planter.few("系统可用率", 2))
    steps.put(
        Preparation(
            project=purchase.project,
            assessment_standard=planter.few("按月考核", 40),
            recorded_on=PUBLISHED,
        )
    )
    purchase.project.refresh_from_db()
    purchase.package.refresh_from_db()


def subjects(purchase, planter):
    """Kind, what it is made from, and what is stated besides."""
    intention = purchase.intention(medium=planter.few("政府采购网", 2))
    steps.edit(intention, medium="政府采购网")
    failed = purchase.tender(
        "open",
        status=TenderStatus.FAILED,
        failure_ground=FailureGround.TOO_FEW,
        failure_note=planter.few("只有两家", 60),
        ended_on=PUBLISHED,
    )
    contract = purchase.contract(
        name=planter.few("运维合同", 4),
        place=planter.few("区文化馆", 4),
        requirements=planter.few("两小时到场", 60),
        content=planter.few("日常巡检", 60),
        grade_percents={"fair": "97"},
    )
    provider = contract.award.provider
    steps.edit(provider, name=planter.few("示范公司", 2), address=planter.few("科技路 8 号", 5))
    for line in ContractLine.objects.filter(contract=contract):
        steps.edit(line, name=planter.few("运维", 2), standard=planter.few("可用率", 4))
    report = EvaluationReport.objects.get(tender=contract.award.tender)
    steps.edit(report, experts=[planter.few("秦明", 2), "柳岸"])
    acceptance = purchase.acceptance(
        contract,
        members=planter.few("读者代表", 30),
        users_opinion=planter.few("满意", 30),
        conclusion=planter.few("合格", 30),
    )
    evaluation = purchase.evaluation(
        contract, summary=planter.few("达到约定", 30), users_opinion=planter.few("满意", 20)
    )
    for opinion in EvaluationOpinion.objects.filter(evaluation=evaluation):
        steps.edit(opinion, organisation=planter.few("单位", 1), quality=planter.few("好", 4))
    fresh = {row: steps.fresh(row) for row in (contract.award, contract, acceptance, evaluation)}
    return [
        (NoticeKind.REQUIREMENTS, purchase.project, {}),
        (NoticeKind.INTENTION, intention, {}),
        (NoticeKind.TENDER_OPEN, failed, {}),
        (NoticeKind.TENDER_CONSULTATION, contract.award.tender, {}),
        (NoticeKind.FAILED, failed, {}),
        (NoticeKind.RESULT, fresh[contract.award], {}),
        (NoticeKind.CONTRACT, fresh[contract], {}),
        (NoticeKind.ACCEPTANCE, fresh[acceptance], {}),
        (NoticeKind.EVALUATION, fresh[evaluation], {}),
        (NoticeKind.TERMINATION, fresh[contract], {"reason": planter.few("拒不整改", 20)}),
    ]


def plain(text: str) -> str:
    """Read as the most obstinate reader would: no sign, no space, no width between digits."""
    return "".join(
        char
        for char in unicodedata.normalize("NFKC", text).upper()
        if char.isdigit() or char == "X"
    )


def pages(notice: PublishedNotice) -> list[str]:
    client = Client()
    address = notice.get_absolute_url()
    found = [client.get(path) for path in (address, f"{address}data/", "/public/")]
    found.append(client.get("/public/?export=csv"))
    return [response.getvalue().decode() for response in found]


def test_no_published_byte_holds_one_of_them(published, planter):
    assert {notice.kind for notice in published} == set(NoticeKind)
    assert planter.left == []
    texts = [str(getattr(n, name)) for n in published for name in SEALED]
    texts += [n.sealed().decode() for n in published]
    texts += [page for n in published for page in pages(n)]
    leaked = {number for number in planter.numbers for text in texts if number in text}
    assert leaked == set()
    hidden = {
        field: [n for n in planter.numbers if n in plain(field)] for field in fields(published)
    }
    assert {field: found for field, found in hidden.items() if found} == {}


def fields(published) -> list[str]:
    rows = [s for n in published for s in n.fields]
    return [text for s in rows for text in (s["heading"], *s["text"], *(v for _, v in s["rows"]))]


def test_pieces_of_several_notices_show_no_more_than_one(published, planter):
    """Each number that is hinted at anywhere is hinted at in one way only."""
    text = "\n".join(fields(published) + [n.title for n in published])
    for number in planter.numbers:
        head, tail = number[:7], number[-5:]
        assert f"{head}*" not in text
        assert f"*{tail}" not in text
