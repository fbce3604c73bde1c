"""/audit/：监督。"""

from django.urls import path

from audit.views import cases, dossiers, events, overview

app_name = "audit"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("checkpoint/", overview.checkpoint, name="checkpoint"),
    path("verify/", overview.verify, name="verify"),
    path("verifications/<int:pk>/", overview.verification, name="verification"),
    path("cases/", cases.case_list, name="cases"),
    path("cases/<int:pk>/", cases.case_history, name="case"),
    path("events/<int:pk>/", events.event, name="event"),
    path("events/<int:pk>/body/", events.body, name="event_body"),
    path("events/<int:pk>/proof/", events.proof, name="event_proof"),
    path("cases/<int:pk>/dossiers/", dossiers.case, name="project"),
    path("cases/dossiers/<int:pk>/", dossiers.dossier, name="dossier"),
    path("cases/dossiers/<int:pk>/download/", dossiers.download, name="download"),
]
