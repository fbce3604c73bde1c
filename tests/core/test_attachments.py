"""Files: taken for what they are, stored by content, described by a recorded row."""

from io import BytesIO
from zipfile import ZipFile, ZipInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.attachments import UploadRefused, attach, checked_upload, store
from core.attachments.upload import LARGEST
from core.history import change
from core.history.verify import verify
from tests.world import DAY

PDF = b"%PDF-1.4 ..."


def office(*names):
    """The bytes of a zip file with these members."""
    made = BytesIO()
    with ZipFile(made, "w") as archive:
        for name in names:
            archive.writestr(ZipInfo(name), "<xml/>")
    return made.getvalue()


SAMPLES = {
    "a.pdf": PDF,
    "a.png": b"\x89PNG\r\n\x1a\n....",
    "a.jpg": b"\xff\xd8\xff\xe0",
    "a.JPEG": b"\xff\xd8\xff\xe0",
    "a.docx": office("[Content_Types].xml", "word/document.xml"),
    "a.xlsx": office("[Content_Types].xml", "xl/workbook.xml"),
}


def upload(name, data=PDF):
    """An upload whose name reaches us as the browser sent it."""
    made = SimpleUploadedFile("x", data)
    made._name = name
    return made


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MINGGOU_FILES = tmp_path


class TestChecking:
    """Size, name and content are checked before a byte is stored."""

    @pytest.mark.parametrize(("name", "data"), SAMPLES.items())
    def test_the_allowed_types_pass(self, name, data):
        assert checked_upload(upload(name, data))[::2] == (name, data)

    @pytest.mark.parametrize("name", ["a.exe", "a.svg", "a.html", "a", "pdf", "a.pdf.exe", ""])
    def test_another_type_is_refused(self, name):
        with pytest.raises(UploadRefused, match="只收 PDF") as refused:
            checked_upload(upload(name))
        assert refused.value.status == 415

    @pytest.mark.parametrize("data", [b"", b"MZ....", b"<html>", b" %PDF-"])
    def test_content_that_is_not_what_the_name_says_is_refused(self, data):
        with pytest.raises(UploadRefused, match="内容与扩展名不符") as refused:
            checked_upload(upload("a.pdf", data))
        assert refused.value.status == 415

    @pytest.mark.parametrize(
        "data",
        [
            b"PK\x03\x04",
            office("a.exe"),
            office("[Content_Types].xml", "xl/workbook.xml"),
            office("word/document.xml"),
        ],
    )
    def test_a_zip_that_is_no_word_document_is_refused(self, data):
        with pytest.raises(UploadRefused, match="内容与扩展名不符"):
            checked_upload(upload("a.docx", data))

    @pytest.mark.parametrize(("extra", "fits"), [(-1, True), (0, True), (1, False)])
    def test_twenty_megabytes_are_the_limit(self, extra, fits):
        file = upload("a.pdf")
        file.size = LARGEST + extra

        if fits:
            checked_upload(file)
        else:
            with pytest.raises(UploadRefused, match="20 MB") as refused:
                checked_upload(file)
            assert refused.value.status == 413

    @pytest.mark.parametrize(
        ("given", "kept"),
        [
            ("../../etc/a.pdf", "....etca.pdf"),
            ("a\\b.pdf", "ab.pdf"),
            ("a\r\nb\x00.pdf", "ab.pdf"),
            ("会议纪要.pdf", "会议纪要.pdf"),
            ("长" * 300 + ".pdf", "长" * 176 + ".pdf"),
        ],
    )
    def test_a_name_holds_no_path_and_no_control_character(self, given, kept):
        assert checked_upload(upload(given))[0] == kept

    def test_anything_with_name_size_and_bytes_is_checked(self):
        file = BytesIO(PDF)
        file.name, file.size = "a.pdf", len(PDF)

        assert checked_upload(file)[1] == "application/pdf"


class TestStore:
    """The digest is the address."""

    def test_the_same_bytes_are_stored_once(self, tmp_path):
        assert store.put(PDF) == store.put(PDF)
        assert len([p for p in tmp_path.rglob("*") if p.is_file()]) == 1

    def test_what_was_stored_is_read_back(self):
        digest = store.put(PDF)

        assert (store.get(digest), store.is_intact(digest)) == (PDF, True)

    @pytest.mark.parametrize("spoil", [lambda p: p.write_bytes(b"x"), lambda p: p.unlink()])
    def test_spoiled_bytes_are_not_intact(self, spoil):
        digest = store.put(PDF)
        spoil(store.path_of(digest))

        assert not store.is_intact(digest)


class TestAttaching:
    """The row is recorded with the change that brings it."""

    def test_it_names_subject_size_and_person(self, world):
        with change(title="x", act="x", by=world.zhang.user, on=DAY) as changes:
            row = attach(
                changes,
                checked_upload(upload("a.pdf")),
                to=world.jurisdiction,
                purpose="依据",
                by=world.zhang.user,
                on=DAY,
            )

        assert row.subject == f"accounts.jurisdiction:{world.jurisdiction.pk}"
        assert (row.size, row.uploaded_by, row.uploaded_on) == (len(PDF), world.zhang.user, DAY)
        assert verify().is_clean
