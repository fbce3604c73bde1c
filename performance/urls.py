"""/performance/：综合评估、第三方链接、年度自评、资金使用绩效。"""

from django.urls import path

from performance.views import evaluation, ledgers, link, self_evaluation

app_name = "performance"
urlpatterns = [
    path("projects/<int:pk>/", evaluation.case, name="case"),
    path("evaluations/<int:pk>/indicators/", evaluation.indicators, name="indicators"),
    path("evaluations/<int:pk>/opinion/", evaluation.opinion, name="opinion"),
    path("evaluations/<int:pk>/survey/", evaluation.survey, name="survey"),
    path("evaluations/<int:pk>/conclude/", evaluation.conclude, name="conclude"),
    path("evaluations/<int:pk>/link/", link.issue, name="issue_link"),
    path("links/<int:pk>/accept/", link.accept, name="accept_link"),
    path("links/<int:pk>/refuse/", link.refuse, name="refuse_link"),
    path("links/<int:pk>/revoke/", link.revoke, name="revoke_link"),
    path("third-party/<str:token>/", link.third_party, name="third_party"),
    path("projects/<int:pk>/self-evaluation/", self_evaluation.start, name="start"),
    path("self-evaluations/<int:pk>/", self_evaluation.detail, name="self_evaluation"),
    path("self-evaluations/<int:pk>/fill/", self_evaluation.fill, name="fill"),
    path("self-evaluations/<int:pk>/sign/", self_evaluation.sign, name="sign"),
    path("funds/", ledgers.funds, name="funds"),
]
