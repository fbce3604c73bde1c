"""What a filing of a programme carries besides its text: the study, the pre-review, the papers."""

from __future__ import annotations

from datetime import date
from typing import Any

SHEET = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]"
    b"/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)


# From here on a filing is a key one (parameter YB-4.3-key-filing-fen).
KEY_FEN = 1_000_000_000


def paper(name: str) -> tuple[str, str, bytes]:
    """A one-page PDF of that name."""
    return (f"{name}.pdf", "application/pdf", SHEET)


def studied(on: date, section: str = "信息科 负责人") -> dict[str, Any]:
    """The study of the section in charge, its calculation attached."""
    return {
        "feasibility": "归口科室论证意见：可行。",
        "feasibility_section": section,
        "feasibility_on": on,
        "feasibility_verdict": "agreed",
        "papers": {"calculation": paper("测算表")},
    }


def pre_reviewed(number: str, on: date, **more: Any) -> dict[str, Any]:
    """`studied` and the data office's opinion of that number, attached."""
    made = studied(on, **more)
    papers = made["papers"] | {"pre_review": paper("预审意见")}
    return made | {
        "pre_review": number,
        "pre_review_on": on,
        "pre_review_verdict": "agreed",
        "papers": papers,
    }


def key_studied() -> dict[str, Any]:
    """What a key filing carries, studied before the demonstration's first filing."""
    made = studied(date(2024, 12, 27))
    return made | {"papers": made["papers"] | {"study": paper("可行性研究报告")}}
