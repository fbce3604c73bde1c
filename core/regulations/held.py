"""The two regulations the system was written for."""

import re
from datetime import date
from typing import Final

from core.regulations.article import Article, Regulation
from core.regulations.text import PartHeading

YUBEI: Final = Regulation(
    code="YB",
    title="渝北区政府购买信息服务实施办法（试行）",
    short="渝北",
    file="yubei-information-services.md",
    issuer="",  # The held text says neither who issued it nor when.
    jurisdiction="重庆市渝北区",
)

PINGHU: Final = Regulation(
    code="PH",
    title="平湖市政务服务（特定目标类）项目资金管理办法",
    short="平湖",
    file="pinghu-special-target-projects.md",
    issuer="平湖市财政局、平湖市政务服务和数据资源管理办公室",
    jurisdiction="浙江省平湖市",
    issued_on=date(2023, 12, 12),
    headings=(
        PartHeading(
            number=2,
            line="平湖市政务服务和数据资源管理办公室主要职责是:",
            key="office",
            suffix="A",
            title="政务数据办职责",
            inside=True,
        ),
        PartHeading(
            number=2,
            line="平湖市大数据中心主要职责是:",
            key="centre",
            suffix="B",
            title="大数据中心职责",
            inside=True,
        ),
        # Printed without its number, which would be 第十条: cited by its heading.
        PartHeading(
            number=9,
            line="项目绩效指标",
            key="indicators",
            suffix="K",
            title="项目绩效指标",
            inside=False,
        ),
    ),
)

REGULATIONS: Final[dict[str, Regulation]] = {each.code: each for each in (YUBEI, PINGHU)}

_CODE: Final = re.compile(
    r"(?P<regulation>[A-Z]+)-(?P<number>[1-9][0-9]?)(?P<part>[A-OQ-Z]?)"
    r"(?:P(?P<paragraph>[1-9]))?(?:\.(?P<item>[1-9][0-9]?))?"
)


def article_by_code(code: str) -> Article:
    """The article of a code such as YB-9.2; raises LookupError when none is printed."""
    match = _CODE.fullmatch(code)
    if match is None or match["regulation"] not in REGULATIONS:
        raise LookupError(f"{code} is not the code of an article")
    regulation, number = REGULATIONS[match["regulation"]], int(match["number"])
    keys = {(each.number, each.suffix): each.key for each in regulation.headings}
    article = regulation.article(
        number,
        int(match["item"]) if match["item"] else None,
        part=keys.get((number, match["part"])),
        paragraph=int(match["paragraph"]) if match["paragraph"] else None,
    )
    if article.code != code or not article.exists():
        raise LookupError(f"{code} is not the code of an article")
    return article
