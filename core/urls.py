from django.urls import path

from core.views import calendar, clock, delegations, desk, files

app_name = "core"
urlpatterns = [
    path("desk/", desk.desk, name="desk"),
    path("desk/notices/<int:pk>/", desk.notice_read, name="notice_read"),
    path("files/<int:pk>/", files.attachment, name="file"),
    path("documents/<int:pk>/", files.document, name="document"),
    path("calendar/", calendar.calendar_list, name="calendar_list"),
    path("calendar/load/", calendar.calendar_load, name="calendar_load"),
    path("calendar/<int:year>/", calendar.calendar_year, name="calendar_year"),
    path("delegations/", delegations.delegation_list, name="delegations"),
    path("delegations/new/", delegations.delegation_new, name="delegation_new"),
    path("delegations/<int:pk>/end/", delegations.delegation_end, name="delegation_end"),
    path("clock/", clock.clock, name="clock"),
]
