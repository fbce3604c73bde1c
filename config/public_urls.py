"""What a process serves that has MINGGOU_SITE=public: the public site and nothing else."""

from django.urls import include, path

from core.views import health, public
from disclosure.public.views import site

urlpatterns = [
    path("", site.front, name="home"),
    path("healthz", health.healthz),
    path("readyz", site.readyz),
    path("robots.txt", site.robots),
    path("regulations/", public.regulation_list, name="regulations"),
    path("regulations/<str:code>/", public.regulation_text, name="regulation"),
    path("regulations/<str:code>/<int:number>/", public.article_page, name="article"),
    path("public/", include("disclosure.public.urls")),
]

handler400 = "core.views.failures.bad_request"
handler404 = "disclosure.public.views.site.not_found"
handler500 = "core.views.failures.server_error"
