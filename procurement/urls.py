"""/procurement/：采购项目、承接主体。"""

from django.urls import path

from procurement.views import case, providers, running, tenders

app_name = "procurement"
urlpatterns = [
    path("projects/<int:pk>/", case.case, name="case"),
    path("projects/<int:pk>/packages/", case.divide, name="divide"),
    path("projects/<int:pk>/preparation/", case.prepare, name="prepare"),
    path("projects/<int:pk>/intention/", case.intention, name="intention"),
    path("projects/<int:pk>/open/", case.open_tender, name="open_tender"),
    path("packages/<int:pk>/cancel/", case.cancel_package, name="cancel_package"),
    path("tenders/", tenders.tenders, name="tenders"),
    path("tenders/<int:pk>/", tenders.tender, name="tender"),
    path("tenders/<int:pk>/schedule/", tenders.schedule, name="schedule"),
    path("tenders/<int:pk>/revise/", running.revise, name="revise"),
    path("tenders/<int:pk>/publish/", running.publish, name="publish"),
    path("tenders/<int:pk>/start/", running.start_own, name="start_own"),
    path("tenders/<int:pk>/open/", running.open_responses, name="open_responses"),
    path("tenders/<int:pk>/bids/", running.receive_bid, name="receive_bid"),
    path("tenders/<int:pk>/evaluate/", running.evaluate, name="evaluate"),
    path("tenders/<int:pk>/decide/", running.decide, name="decide"),
    path("tenders/<int:pk>/fail/", running.fail, name="fail"),
    path("tenders/<int:pk>/abandon/", running.abandon, name="abandon"),
    path("bids/<int:pk>/invalidate/", running.invalidate, name="invalidate"),
    path("awards/<int:pk>/notify/", running.notify, name="notify"),
    path("awards/<int:pk>/refuse/", running.refuse_award, name="refuse_award"),
    path("providers/", providers.providers, name="providers"),
    path("providers/new/", providers.new_provider, name="new_provider"),
    path("providers/<int:pk>/", providers.provider, name="provider"),
    path("providers/<int:pk>/review/", providers.review_condition, name="review_condition"),
    path("providers/<int:pk>/debar/", providers.debar, name="debar"),
    path("providers/<int:pk>/close/", providers.close, name="close_provider"),
]
