"""/public/：公开站点。"""

from django.urls import path

from disclosure.public import views

app_name = "public"
urlpatterns = [
    path("", views.notice_list, name="notices"),
    path("notices/<str:number>/", views.notice, name="notice"),
    path("notices/<str:number>/data/", views.notice_data, name="notice_data"),
]
