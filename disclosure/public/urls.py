"""/public/：公开站点。"""

from django.urls import path

from disclosure.public import open_data
from disclosure.public.views import catalogues, notices, projects, search, site, verify

app_name = "public"
urlpatterns = [
    path("", site.home, name="home"),
    path("notices/", notices.notice_list, name="notices"),
    path("notices/<str:number>/", notices.notice, name="notice"),
    path("notices/<str:number>/data/", notices.notice_data, name="notice_data"),
    path("feed.atom", notices.feed, name="feed"),
    path("projects/", projects.project_list, name="projects"),
    path("projects/<str:number>/", projects.project, name="project"),
    path("catalogues/", catalogues.catalogue_list, name="catalogues"),
    path("catalogues/<str:number>/", catalogues.catalogue, name="catalogue"),
    path("catalogues/<str:number>/data/", catalogues.catalogue_data, name="catalogue_data"),
    path("search/", search.search, name="search"),
    path("feeds/", site.feeds, name="feeds"),
    path("verify/", verify.verify, name="verify"),
    path("verify/key.pem", verify.public_key, name="public_key"),
    path("verify/verify.py", verify.verifier, name="verifier"),
    path("verify/<int:size>.txt", verify.checkpoint, name="checkpoint"),
    path("sitemap.xml", site.sitemap, name="sitemap"),
    path("sitemap/<int:year>.xml", site.sitemap_year, name="sitemap_year"),
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
