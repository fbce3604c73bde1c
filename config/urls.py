"""Every address, by app. Names of the parts are the stages' own."""

from django.urls import include, path

from core.views import health, public
from core.views.style import style_page
from disclosure.public.views import site

urlpatterns = [
    path("", site.front, name="home"),
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("robots.txt", site.robots),
    path("_style/", style_page),
    path("regulations/", public.regulation_list, name="regulations"),
    path("regulations/<str:code>/", public.regulation_text, name="regulation"),
    path("regulations/<str:code>/<int:number>/", public.article_page, name="article"),
    path("accounts/", include("accounts.urls")),
    path("", include("core.urls")),
    path("projects/", include("projects.urls")),
    path("budget/", include("budgeting.urls")),
    path("procurement/", include("procurement.urls")),
    path("contracts/", include("contracts.urls")),
    path("performance/", include("performance.urls")),
    path("disclosure/", include("disclosure.urls")),
    path("audit/", include("audit.urls")),
    path("public/", include("disclosure.public.urls")),
]

handler400 = "core.views.failures.bad_request"
handler404 = "disclosure.public.views.site.not_found"
handler500 = "core.views.failures.server_error"
