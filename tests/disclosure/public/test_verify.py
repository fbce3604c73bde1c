"""The verification page: what is signed is published, and the printed commands really check it."""

from __future__ import annotations

import html
import re
import shutil
import subprocess

import pytest
from django.test import Client

from core.history.checkpoints import sign_checkpoint
from core.history.verify import verify
from disclosure.public.models import PublishedCheckpoint
from disclosure.public.services import checkpoint_differences, fill_public_site
from tests.core import tampering
from tests.disclosure.public.making import frozen, page

pytestmark = pytest.mark.django_db

VERIFY = "/public/verify/"


def signed():
    frozen()
    return sign_checkpoint()


class TestPublishing:
    def test_a_checkpoint_is_published_where_it_is_signed(self):
        checkpoint = signed()

        copy = PublishedCheckpoint.objects.get()
        for name in ("size", "root_sha256", "root_sm3", "signed_at", "note"):
            assert getattr(copy, name) == getattr(checkpoint, name), name
        assert verify().is_clean

    def test_those_from_before_are_made_up_for_once(self):
        signed(), signed()
        PublishedCheckpoint.objects.all().delete()

        fill_public_site()
        fill_public_site()

        assert PublishedCheckpoint.objects.count() == 2

    @pytest.mark.parametrize("column", ["note", "root_sha256", "root_sm3"])
    def test_a_changed_copy_is_found(self, column):
        checkpoint = signed()
        table = tampering.table(PublishedCheckpoint)
        tampering.run(f"UPDATE {table} SET {column} = %s", "x")

        assert checkpoint_differences() == [f"公布的检查点 {checkpoint.size} 与签署的不符。"]

    def test_an_invented_copy_is_found(self):
        signed()
        tampering.run(f"UPDATE {tampering.table(PublishedCheckpoint)} SET size = 999999")

        assert checkpoint_differences() == ["公布的检查点 999999 与签署的不符。"]


class TestPage:
    def test_says_that_there_is_none_yet(self):
        assert "还没有公布检查点" in page(VERIFY)
        page(f"{VERIFY}key.pem", status=404)

    def test_prints_the_latest_and_lists_the_earlier(self):
        earlier, latest = signed(), signed()

        text = page(VERIFY)

        for value in (latest.root_sha256, latest.root_sm3, f"前 {latest.size} 条"):
            assert value in text
        assert f"/public/verify/{earlier.size}.txt" in text
        assert page(f"{VERIFY}{earlier.size}.txt") == earlier.note
        page(f"{VERIFY}7777.txt", status=404)

    def test_pages_by_key(self):
        for _ in range(21):
            signed()
        assert 'rel="next"' in page(VERIFY)

    @pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not installed")
    def test_the_printed_commands_accept_what_was_signed_and_nothing_else(self, tmp_path):
        size = signed().size
        commands = html.unescape(re.search(r"data-commands>(.+?)</pre>", page(VERIFY), re.S)[1])
        for name in (f"{size}.txt", "key.pem"):
            response = Client().get(f"{VERIFY}{name}")
            given = re.search(r'filename="(.+)"', response.headers["Content-Disposition"])[1]
            (tmp_path / given).write_bytes(response.content)

        def run():
            return subprocess.run(
                ["bash", "-c", commands], cwd=tmp_path, capture_output=True, text=True, check=False
            )

        assert "Signature Verified Successfully" in run().stdout
        note = tmp_path / f"minggou-checkpoint-{size}.txt"
        note.write_text(note.read_text().replace("sm3 ", "sm3 0", 1))
        assert run().returncode != 0
