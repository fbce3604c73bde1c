"""The third party's link: one evaluation, a date, no sign-in; counts once an officer accepts it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.test import Client

from core.calendar import clock
from core.history.models import HistoryEvent
from core.transitions import NotOffered, NotPermitted, TransitionRefused
from performance.models import ASPECTS, Evaluation, EvaluationLink, EvaluationOpinion
from performance.services import (
    accept_answer,
    issue_link,
    refuse_answer,
    revoke_link,
    take_answer,
)
from performance.views.link import MOST_REQUESTS
from tests import evaluated
from tests.contracts.scenes import in_state, law, rules_of, shared
from tests.contracts.settled import SETTLED, accepted
from tests.steps import edit, fresh

built, case = shared(accepted)

UNTIL = SETTLED + timedelta(days=14)
TYPED = {name: f"{label}良好" for name, label in ASPECTS.items()} | {
    f"{name}_score": "83.5" for name in ASPECTS
}
GIVEN = TYPED | {f"{name}_score": Decimal("83.5") for name in ASPECTS}


@pytest.fixture(autouse=True)
def _the_day(monkeypatch):
    cache.clear()
    monkeypatch.setattr(clock.timezone, "localdate", lambda: SETTLED)


@pytest.fixture
def evaluation(case) -> Evaluation:
    return Evaluation.objects.get(contract=case.pk)


@pytest.fixture
def token(case, evaluation) -> str:
    return issue(case, evaluation)


@pytest.fixture
def link(token) -> EvaluationLink:
    return EvaluationLink.objects.get()


def issue(case, evaluation, until=UNTIL, by="zhang", **shown):
    values = {"organisation": "信息化咨询中心", "expires_on": until}
    acts = getattr(case.world, by).acts(SETTLED)
    return issue_link(fresh(evaluation), **values, **acts, **shown)


def address(token: str) -> str:
    return f"/performance/third-party/{token}/"


def answered(link) -> EvaluationLink:
    take_answer(link, on=SETTLED, **GIVEN)
    return fresh(link)


class TestIssuing:
    """《渝北办法》第九条第（六）项: one link at a time, dated."""

    @pytest.mark.parametrize(
        ("days", "state"), [(-1, "unmet"), (0, "met"), (30, "met"), (31, "unmet"), (None, "unmet")]
    )
    def test_it_is_dated(self, evaluation, days, state):
        until = None if days is None else SETTLED + timedelta(days=days)
        found = law(evaluation, "YB-9.6-link-dated", on=SETTLED, expires_on=until)

        assert found == (state, "YB-9.6")

    def test_only_while_nothing_is_live(self, case, evaluation):
        assert law(evaluation, "YB-9.6-link-free") == ("met", "YB-9.6")
        issue(case, evaluation)
        assert law(evaluation, "YB-9.6-link-free") == ("unmet", "YB-9.6")
        with pytest.raises(TransitionRefused) as refused:
            issue(case, evaluation)
        assert rules_of(refused) == {"YB-9.6-link-free"}

    def test_not_after_the_third_party_has_spoken(self, case, evaluation):
        evaluated.say(case.world, evaluation, "third_party", SETTLED)

        assert law(evaluation, "YB-9.6-link-free") == ("unmet", "YB-9.6")

    def test_the_token_is_kept_nowhere(self, token, link):
        texts = " ".join(HistoryEvent.objects.values_list("body", flat=True))

        assert token not in texts
        assert link.token_digest != token
        assert len(token) >= 40

    def test_a_repeated_click_sends_one(self, case, evaluation):
        assert issue(case, evaluation, key="k")
        assert issue(case, evaluation, key="k") == ""
        assert EvaluationLink.objects.count() == 1

    @pytest.mark.parametrize("name", ["li", "wang", "zhao", "wu", "chen"])
    def test_it_is_the_officers(self, case, evaluation, name):
        with pytest.raises(NotPermitted):
            issue(case, evaluation, by=name)


class TestThePage:
    """Without sign-in; whoever holds no valid link finds nothing."""

    def test_it_shows_what_is_evaluated_and_no_person(self, case, token):
        response = Client().get(address(token))
        text = response.content.decode()

        assert response.status_code == 200
        assert case.contract.name in text
        assert not [n for n in ("张敏", "李建国", "王芳", "赵磊") if n in text]

    def test_it_goes_to_no_other_site_and_no_cache(self, token):
        headers = Client().get(address(token)).headers

        assert headers["Referrer-Policy"] == "strict-origin"
        assert headers["Cache-Control"] == "no-store"
        assert "noindex" in headers["X-Robots-Tag"]

    def test_what_is_typed_waits_for_the_officer(self, token, link):
        response = Client().post(address(token), TYPED)

        assert response.status_code == 200
        assert fresh(link).status == "answered"
        assert fresh(link).answer["quality"] == "服务质量良好"
        assert not EvaluationOpinion.objects.exists()

    def test_it_is_answered_once(self, token):
        client = Client()
        client.post(address(token), TYPED)

        assert client.get(address(token)).status_code == 404
        assert client.post(address(token), TYPED).status_code == 404

    @pytest.mark.parametrize("score", ["", "101", "-1", "８０", "1e2", "abc"])
    def test_bad_input_is_shown_again(self, token, link, score):
        response = Client().post(address(token), TYPED | {"quality_score": score})

        assert response.status_code == 422
        assert "服务质量良好" in response.content.decode()
        assert fresh(link).status == "waiting"

    def test_it_asks_for_the_pages_own_token(self, token, link):
        client = Client(enforce_csrf_checks=True)

        assert client.post(address(token), TYPED).status_code == 403
        assert fresh(link).status == "waiting"

    @pytest.mark.parametrize("how", ["expired", "revoked", "concluded", "terminated"])
    def test_one_that_no_longer_holds_is_like_one_that_never_was(self, case, token, link, how):
        nothing = Client().get(address("x" * len(token)))
        if how == "expired":
            edit(link, expires_on=SETTLED - timedelta(days=1))
        elif how == "revoked":
            in_state(link, "revoked")
        elif how == "concluded":
            in_state(link.evaluation, "concluded")
        else:
            in_state(case.contract, "terminated")
        found = Client().get(address(token))

        assert (found.status_code, nothing.status_code) == (404, 404)
        assert found.content.replace(token.encode(), b"") == nothing.content.replace(
            b"x" * len(token), b""
        )

    def test_the_last_day_still_counts(self, token, link):
        edit(link, expires_on=SETTLED)

        assert Client().get(address(token)).status_code == 200

    def test_too_many_requests_are_put_off(self, token):
        client = Client()
        answers = {client.get(address("guess")).status_code for _ in range(MOST_REQUESTS)}

        assert answers == {404}
        assert client.get(address(token)).status_code == 429


class TestTakingTheAnswer:
    """《渝北办法》第九条第（六）项: staff accept or refuse; both are recorded."""

    @pytest.mark.parametrize(("days", "state"), [(0, "met"), (14, "met"), (15, "unmet")])
    def test_within_its_date(self, link, days, state):
        found = law(link, "YB-9.6-link-in-date", on=SETTLED + timedelta(days=days))

        assert found == (state, "YB-9.6")

    def test_an_aspect_left_out_is_refused(self, link):
        with pytest.raises(TransitionRefused, match="没有评服务质量"):
            take_answer(link, on=SETTLED, **(GIVEN | {"quality": " "}))

    def test_accepted_it_is_the_third_partys_opinion(self, case, link):
        accept_answer(answered(link), **case.world.zhang.acts(SETTLED))

        row = EvaluationOpinion.objects.get()
        assert (row.party, row.organisation, row.score) == (
            "third_party",
            "信息化咨询中心",
            Decimal("83.50"),
        )
        assert fresh(link).status == "accepted"
        assert case.recorded("performance.evaluationlink.accept") == (1, 1)
        assert case.recorded("performance.evaluation.record_opinion") == (1, 1)

    def test_refused_it_is_none_and_another_may_be_sent(self, case, evaluation, link):
        refuse_answer(answered(link), reason="没有依据", **case.world.zhang.acts(SETTLED))

        assert (fresh(link).status, fresh(link).reason) == ("refused", "没有依据")
        assert fresh(link).answer["quality"]
        assert not EvaluationOpinion.objects.exists()
        assert issue(case, evaluation)

    def test_accepting_a_second_opinion_leaves_nothing(self, case, evaluation, link):
        row = answered(link)
        evaluated.say(case.world, evaluation, "third_party", SETTLED)
        with pytest.raises(TransitionRefused):
            accept_answer(row, **case.world.zhang.acts(SETTLED))

        assert fresh(link).status == "answered"

    def test_revoked_it_cannot_be_answered(self, case, link):
        revoke_link(link, reason="发错了单位", **case.world.zhang.acts(SETTLED))

        with pytest.raises(NotOffered):
            take_answer(link, on=SETTLED, **GIVEN)

    @pytest.mark.parametrize("name", ["li", "wang", "zhao", "wu", "chen"])
    def test_it_is_the_officers(self, case, link, name):
        acts = getattr(case.world, name).acts(SETTLED)
        with pytest.raises(NotPermitted):
            accept_answer(answered(link), **acts)
        with pytest.raises(NotPermitted):
            refuse_answer(fresh(link), reason="x", **acts)
