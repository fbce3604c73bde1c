"""申报的网址。"""

from django.urls import path

from projects.views import (
    cases,
    closing,
    drafts,
    filing,
    grid,
    importing,
    plans,
    signing,
    submissions,
)

app_name = "projects"
urlpatterns = [
    path("", cases.project_list, name="list"),
    path("plans/", plans.plan_list, name="plans"),
    path("plans/<int:pk>/", plans.plan_detail, name="plan"),
    path("plans/<int:pk>/new/", filing.declare, name="declare"),
    path("plans/<int:pk>/new/form/", filing.file_new, name="new"),
    path("plans/<int:pk>/workbook/", importing.plan_workbook, name="plan_workbook"),
    path("plans/<int:pk>/template/", importing.plan_template, name="plan_template"),
    path("plans/<int:pk>/last-year/", importing.last_year, name="last_year"),
    path("plans/<int:pk>/grid/", grid.plan_grid, name="plan_grid"),
    path("plans/<int:pk>/import/", importing.plan_import, name="plan_import"),
    path("plans/<int:pk>/submit/", submissions.submit, name="submit_plan"),
    path("plans/submissions/", submissions.submission_list, name="submissions"),
    path("plans/submissions/<int:pk>/", submissions.submission_detail, name="submission"),
    path("plans/imports/<int:pk>/", importing.import_detail, name="import"),
    path("plans/imports/<int:pk>/confirm/", importing.import_confirm, name="import_confirm"),
    path("plans/imports/<int:pk>/marked/", importing.import_marked, name="import_marked"),
    path("drafts/", drafts.draft_save, name="draft_save"),
    path("signatures/<int:pk>/sign/", signing.sign_step, name="sign"),
    path("signatures/<int:pk>/send-back/", signing.send_back_step, name="send_back"),
    path("<int:pk>/", cases.case, name="case"),
    path("<int:pk>/history/", cases.history, name="history"),
    path("<int:pk>/edit/", filing.revise, name="edit"),
    path("<int:pk>/submit/", signing.submit, name="submit"),
    path("<int:pk>/withdraw/", signing.withdraw, name="withdraw"),
    path("<int:pk>/close/", closing.close, name="close"),
    path("<int:pk>/archive/", closing.archive, name="archive"),
]
