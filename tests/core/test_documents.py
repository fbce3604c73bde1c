"""Documents of record: nothing reached on the way, the same bytes twice, frozen once ready."""

import sys
from datetime import date

import pytest
from django.template import engines

from core.attachments import store
from core.documents import rendering
from core.documents.models import Document, RenderState
from core.documents.rendering import FetchDenied, RendererMissing, render_pdf
from core.documents.services import documents_of, render_document, retry_failed
from core.events import drain
from core.history.models import HistoryEvent
from core.history.verify import verify
from tests import steps

LATER = date(2026, 2, 2)


@pytest.fixture
def without_renderer(monkeypatch):
    """As on a server without the PDF engine's packages."""
    monkeypatch.setitem(sys.modules, "weasyprint", None)


@pytest.fixture
def template(monkeypatch):
    """Render one HTML text as a kind of document."""

    def made(html):
        compiled = engines["django"].from_string(html)
        monkeypatch.setattr(
            rendering, "render_html", lambda kind, context: compiled.render(context)
        )
        return "tests.kind"

    return made


class TestRendering:
    """One base, no file and no network."""

    @pytest.mark.parametrize(
        "html",
        [
            '<img src="file:///etc/hostname">',
            '<img src="http://127.0.0.1:1/x.png">',
            '<link rel="stylesheet" href="https://127.0.0.1:1/x.css">',
            '<p style="background: url(file:///etc/hostname)">x</p>',
        ],
    )
    def test_a_file_or_an_address_stops_the_document(self, template, html):
        with pytest.raises(FetchDenied, match="不得引用外部资源"):
            render_pdf(template(html), {})

    def test_the_same_content_gives_the_same_bytes(self, template):
        kind = template("<h1>批复</h1><p>{{ number }}</p>")

        one, two = (render_pdf(kind, {"number": "示财购复〔2026〕1号"}) for _ in range(2))

        assert one == two
        assert one.startswith(b"%PDF-")

    def test_other_content_gives_other_bytes(self, template):
        kind = template("<p>{{ number }}</p>")

        assert render_pdf(kind, {"number": "1"}) != render_pdf(kind, {"number": "2"})

    def test_a_missing_engine_is_told(self, without_renderer):
        with pytest.raises(RendererMissing, match="未安装 PDF 组件"):
            render_pdf("budgeting.reply", {})


class TestReplyDocument:
    """《渝北办法》第九条第（二）项: the reply as a document, from the act itself."""

    def test_it_is_ready_after_delivery_and_its_bytes_are_kept(self, world):
        reply = steps.reply(world)

        document = documents_of(reply).get()

        assert document.state == RenderState.READY
        assert store.get(document.sha256).startswith(b"%PDF-")
        assert verify().is_clean

    def test_ready_it_is_never_rendered_again(self, world, without_renderer):
        steps.reply(world)
        document = steps.edit(Document.objects.get(), state=RenderState.READY, sha256="0" * 64)
        before = HistoryEvent.objects.count()

        assert render_document(document, on=LATER).sha256 == "0" * 64
        assert HistoryEvent.objects.count() == before

    def test_a_missing_engine_is_noted_and_the_act_stands(self, world, without_renderer):
        reply = steps.reply(world)

        document = Document.objects.get()
        assert (document.state, document.sha256) == (RenderState.FAILED, "")
        assert "未安装 PDF 组件" in document.problem
        assert reply.number

    def test_it_is_made_up_for_once_the_engine_is_there(self, world, monkeypatch):
        with monkeypatch.context() as server:
            server.setitem(sys.modules, "weasyprint", None)
            steps.reply(world)

        assert retry_failed(on=LATER) == 1
        assert Document.objects.get().state == RenderState.READY
        assert retry_failed(on=LATER) == 0

    def test_trying_in_vain_again_and_again_records_nothing_new(self, world, without_renderer):
        steps.reply(world)
        before = HistoryEvent.objects.count()

        assert retry_failed(on=LATER) == 0
        assert drain() == 0
        assert HistoryEvent.objects.count() == before
