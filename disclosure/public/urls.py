"""/public/：公开站点。"""

from django.urls import path

from disclosure.public import open_data, views

app_name = "public"
urlpatterns = [
    path("", views.notice_list, name="notices"),
    path("notices/<str:number>/", views.notice, name="notice"),
    path("notices/<str:number>/data/", views.notice_data, name="notice_data"),
    path("data/", open_data.index, name="data"),
    path("data/releases/<str:number>.json", open_data.release, name="release"),
    path("data/<str:number>.json", open_data.month_package, name="month_package"),
    path("projects/<str:number>/ocds/record.json", open_data.project_record, name="project_record"),
    path(
        "projects/<str:number>/ocds/releases.json",
        open_data.project_releases,
        name="project_releases",
    ),
]
