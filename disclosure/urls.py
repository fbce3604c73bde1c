"""/disclosure/：公开义务、公告稿。"""

from django.urls import path

from disclosure.views import catalogue, drafts, duties

app_name = "disclosure"
urlpatterns = [
    path("duties/", duties.duties, name="duties"),
    path("drafts/", drafts.drafts, name="drafts"),
    path("drafts/<int:pk>/", drafts.draft, name="draft"),
    path("drafts/<int:pk>/prepare/", drafts.prepare, name="prepare"),
    path("drafts/<int:pk>/send/", drafts.send, name="send"),
    path("drafts/<int:pk>/approve/", drafts.approve, name="approve"),
    path("drafts/<int:pk>/return/", drafts.send_back, name="send_back"),
    path("drafts/<int:pk>/correct/", drafts.correct, name="correct"),
    path("drafts/<int:pk>/discard/", drafts.discard, name="discard"),
    path("catalogues/<int:pk>/send/", catalogue.send, name="catalogue_send"),
    path("catalogues/<int:pk>/approve/", catalogue.approve, name="catalogue_approve"),
    path("catalogues/<int:pk>/return/", catalogue.send_back, name="catalogue_send_back"),
    path("projects/<int:pk>/", duties.case, name="case"),
]
