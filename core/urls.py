from django.urls import path

from core.views import clock, desk, files

app_name = "core"
urlpatterns = [
    path("desk/", desk.desk, name="desk"),
    path("desk/notices/<int:pk>/", desk.notice_read, name="notice_read"),
    path("files/<int:pk>/", files.attachment, name="file"),
    path("documents/<int:pk>/", files.document, name="document"),
    path("clock/", clock.clock, name="clock"),
]
