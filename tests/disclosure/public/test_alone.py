"""The public site served alone: no sign-in, no session, and an account that reads six tables."""

from __future__ import annotations

import io
import os
import re
import string
import subprocess
import sys
from importlib import import_module

import pytest
from django.core.management import call_command
from django.db import ProgrammingError, connection, transaction
from django.test import Client

from config import settings as written
from core.history.checkpoints import sign_checkpoint
from core.history.models import HistoryEvent
from disclosure.management.commands.public_grants import public_tables
from tests.architecture.source import PROJECT
from tests.disclosure.public.making import frozen, frozen_catalogue, page

ROLE = "minggou_public_test"
PATHS = (
    "/public/",
    "/public/notices/?kind=intention&year=2026",
    "/public/notices/?export=csv",
    "/public/projects/",
    "/public/projects/SF-2026-0001/",
    "/public/catalogues/",
    "/public/catalogues/?jurisdiction=sf&export=csv",
    "/public/search/?q=运维服务",
    "/public/feeds/",
    "/public/feed.atom",
    "/public/verify/",
    "/public/verify/key.pem",
    "/public/sitemap.xml",
    "/public/sitemap/2026.xml",
    "/regulations/",
    "/regulations/YB/",
    "/regulations/YB/9/",
    "/robots.txt",
    "/healthz",
    "/readyz",
)


def of(row) -> tuple[str, str]:
    """The page of one snapshot and its data file."""
    return row.get_absolute_url(), f"{row.get_absolute_url()}data/"


@pytest.fixture
def alone(settings):
    """What MINGGOU_SITE=public makes of the settings."""
    settings.ROOT_URLCONF = "config.public_urls"
    settings.MIDDLEWARE = [
        m for m in settings.MIDDLEWARE if not m.startswith(written.NEEDS_SESSIONS)
    ]
    settings.MINGGOU_DEMO = False


@pytest.mark.django_db
class TestAlone:
    def test_every_public_page_opens(self, alone):
        notice, catalogue = frozen("平台运维服务"), frozen_catalogue()
        sign_checkpoint()

        for path in (*PATHS, *of(notice), *of(catalogue)):
            page(path, HTTP_COOKIE="minggou_session=stale")
        assert Client().get("/").headers["Location"] == "/public/"

    @pytest.mark.parametrize("path", ["/desk/", "/accounts/sign-in/", "/projects/", "/audit/"])
    def test_nothing_else_is_there(self, alone, path):
        page(path, status=404)
        assert Client().post(path).status_code in (403, 404)

    def test_nobody_is_offered_a_way_to_sign_in(self, alone):
        assert "登录" not in page("/public/")

    def test_its_addresses_are_those_of_the_whole_site(self):
        whole = {str(p.pattern) for p in import_module("config.urls").urlpatterns}
        here = {str(p.pattern) for p in import_module("config.public_urls").urlpatterns}
        assert here <= whole


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite knows no accounts")
class TestTheAccount:
    """RELIABILITY：公开站点的账号只能读已发布的快照。"""

    def test_reads_the_public_pages_and_not_one_other_table(self, alone):
        notice, catalogue = frozen("平台运维服务"), frozen_catalogue()
        sign_checkpoint()
        sql = io.StringIO()
        call_command("public_grants", ROLE, stdout=sql)
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE ROLE {ROLE}")
            cursor.execute(sql.getvalue())
            cursor.execute(f"SET LOCAL ROLE {ROLE}")

        for path in (*PATHS, *of(notice), *of(catalogue)):
            page(path)
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            HistoryEvent.objects.exists()
        for table in public_tables():
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                connection.cursor().execute(f"DELETE FROM {table}")
        connection.cursor().execute("RESET ROLE")


class TestSettings:
    """MINGGOU_SITE and MINGGOU_PUBLIC_DATABASE_URL, each in a process of its own."""

    @pytest.fixture
    def run(self, tmp_path):
        def run(*words, **values):
            environment = {
                "PATH": os.environ["PATH"],
                "MINGGOU_DATA": str(tmp_path),
                "MINGGOU_SECRET_KEY": string.ascii_letters + string.digits,
                "MINGGOU_HOSTS": "www.example.gov.cn",
                "MINGGOU_TRUSTED_PROXIES": "1",
                **values,
            }
            return subprocess.run(
                [sys.executable, *words],
                cwd=PROJECT,
                env=environment,
                capture_output=True,
                text=True,
                check=True,
            ).stdout

        return run

    READ = "postgresql://reader:x@db/minggou"
    SHOW = (
        "from config import settings as s;"
        "users = [s.DATABASES[name].get('USER') for name in s.DATABASES];"
        "print(s.PUBLIC_DATABASE, s.ROOT_URLCONF, *users)"
    )

    def test_by_default_there_is_one_database_and_the_whole_site(self, run):
        assert run("-c", self.SHOW).split() == ["default", "config.urls", "None"]

    def test_an_account_of_its_own_is_an_alias_of_its_own_that_cannot_write(self, run):
        url = {"MINGGOU_PUBLIC_DATABASE_URL": self.READ}
        staff = {"MINGGOU_DATABASE_URL": "postgresql://minggou:x@db/minggou"}
        assert run("-c", self.SHOW, **url, **staff).split() == [
            "public",
            "config.urls",
            "minggou",
            "reader",
        ]
        options = "from config import settings as s; print(s.DATABASES['public']['OPTIONS'])"
        assert "default_transaction_read_only=on" in run("-c", options, **url)

    def test_served_alone_it_knows_no_other_account(self, run):
        url = {"MINGGOU_PUBLIC_DATABASE_URL": self.READ, "MINGGOU_SITE": "public"}
        shown = run("-c", self.SHOW, **url).split()
        assert shown == ["public", "config.public_urls", "reader", "reader"]

    def test_the_deploy_check_finds_nothing(self, run):
        url = {"MINGGOU_PUBLIC_DATABASE_URL": self.READ, "MINGGOU_SITE": "public"}
        words = ("manage.py", "check", "--deploy", "--fail-level", "WARNING")
        assert re.search("no issues", run(*words, **url))
