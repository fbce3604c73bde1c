"""/budget/：会审、审定、批复、控制数、追加申请、预算调整。"""

from django.urls import path

from budgeting.views import (
    adjustments,
    ceilings,
    decisions,
    off_budget,
    opinions,
    replies,
    reviews,
)

app_name = "budgeting"
urlpatterns = [
    path("projects/<int:pk>/", reviews.case, name="case"),
    path("projects/<int:pk>/reject/", reviews.reject_project, name="reject_project"),
    path("reviews/", reviews.reviews, name="reviews"),
    path("reviews/<int:pk>/", reviews.review, name="review"),
    path("reviews/<int:pk>/conclude/", reviews.conclude, name="conclude"),
    path("reviews/<int:pk>/return/", reviews.return_for_correction, name="return"),
    path("opinions/<int:pk>/agree/", opinions.agree, name="agree"),
    path("opinions/<int:pk>/condition/", opinions.agree_on_condition, name="agree_on_condition"),
    path("opinions/<int:pk>/oppose/", opinions.oppose, name="oppose"),
    path("opinions/<int:pk>/answer/", opinions.answer_opinion, name="answer_opinion"),
    path("objections/<int:pk>/answer/", opinions.answer_objection, name="answer_objection"),
    path("obligations/<int:pk>/evidence/", opinions.submit_evidence, name="submit_evidence"),
    path("obligations/<int:pk>/accept/", opinions.accept_obligation, name="accept_obligation"),
    path("obligations/<int:pk>/send-back/", opinions.send_back_obligation, name="send_back"),
    path("decisions/", decisions.decisions, name="decisions"),
    path("decisions/new/", decisions.new_decision, name="new_decision"),
    path("decisions/<int:pk>/", decisions.decision, name="decision"),
    path("decisions/<int:pk>/record/", decisions.record, name="record"),
    path("decisions/<int:pk>/discard/", decisions.discard, name="discard_decision"),
    path("replies/", replies.replies, name="replies"),
    path("replies/new/", replies.new_reply, name="new_reply"),
    path("replies/<int:pk>/", replies.reply, name="reply"),
    path("replies/<int:pk>/issue/", replies.issue, name="issue"),
    path("replies/<int:pk>/discard/", replies.discard, name="discard_reply"),
    path("ceilings/", ceilings.ceilings, name="ceilings"),
    path("ceilings/new/", ceilings.new_ceiling, name="new_ceiling"),
    path("ceilings/<int:pk>/adjust/", ceilings.adjust_ceiling, name="adjust_ceiling"),
    path("off-budget/", off_budget.requests, name="off_budget"),
    path("off-budget/<int:pk>/route/", off_budget.choose_route, name="choose_route"),
    path("off-budget/<int:pk>/raise/", off_budget.raise_route, name="raise_route"),
    path("off-budget/<int:pk>/funding/", off_budget.record_funding, name="record_funding"),
    path("adjustments/", adjustments.adjustments, name="adjustments"),
    path("projects/<int:pk>/adjust/", adjustments.draft, name="adjust_budget"),
    path("adjustments/<int:pk>/approve/", adjustments.approve, name="approve_adjustment"),
    path("adjustments/<int:pk>/return/", adjustments.send_back, name="return_adjustment"),
    path("adjustments/<int:pk>/withdraw/", adjustments.withdraw, name="withdraw_adjustment"),
]
