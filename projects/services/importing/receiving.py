"""收下之前：类型、大小，和有没有申报涉密事项。涉密的立即停止，什么也不保存。"""

from __future__ import annotations

import re

from core.attachments import UploadRefused, checked_upload
from core.attachments.upload import Uploaded
from core.transitions import ActError
from projects.documents import Book, Sheet, open_book
from projects.documents.reading import text_of

_SECRET = re.compile(r"国家安全|保密|涉密|国家秘密")
_YES = re.compile(r"(是|有|涉及|对|√|✓|✔|1|y|yes|true|t)", re.IGNORECASE)
_OFFICE = re.compile(r"\.(xls|xlsm|xlsb|et|ods|csv)$", re.IGNORECASE)


class SecretDeclared(ActError):
    """有项目申报为涉及国家安全或保密事项：整个文件不收（《渝北办法》第七条）。"""

    def __init__(self) -> None:
        super().__init__("文件中有项目涉及国家安全或保密事项，整个文件没有收下，什么也没有保存。")


def received(upload: Uploaded) -> tuple[tuple[str, str, bytes], Book]:
    """文件（名称、类型、字节）和读出的各表。

    Raises `UploadRefused`（413 过大，415 不是工作簿），`SecretDeclared`.
    """
    name = upload.name or ""
    if _OFFICE.search(name):
        raise UploadRefused(f"文件“{name}”不是 .xlsx，没有保存。请另存为 .xlsx 后再上传。", 415)
    if not name.lower().endswith(".xlsx"):
        raise UploadRefused(f"文件“{name}”不是工作簿，只收 .xlsx，没有保存。", 415)
    file = checked_upload(upload)
    book = open_book(file[0], file[2])
    if declares_secret(book):
        raise SecretDeclared
    return file, book


def declares_secret(book: Book) -> bool:
    """有没有项目申报为涉及国家安全或保密事项。"""
    return any(map(_declares_secret, book.sheets))


def _declares_secret(sheet: Sheet) -> bool:
    """列名里有国家安全、保密等字样的，下面有一格答“是”。列名写错、表被隐藏的也认。"""
    asked: set[int] = set()
    for row in sheet.rows:
        for index, cell in enumerate(row):
            if index in asked and _YES.fullmatch(text_of(cell)):
                return True
            if isinstance(cell, str) and len(cell) < 60 and _SECRET.search(cell):
                asked.add(index)
    return False
