"""公告的 Atom 订阅源（RFC 4287），按发布的先后，分页照 RFC 5005。"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time

from django.conf import settings
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.xmlutils import SimplerXMLGenerator

from disclosure.public.models import PublishedNotice

MEDIA_TYPE = "application/atom+xml; charset=utf-8"


@dataclass(frozen=True)
class FeedPage:
    """一页订阅源的标题和地址；地址都是完整的。"""

    title: str
    home: str
    here: str
    newer: str
    older: str


class PagedAtom(Atom1Feed):
    """带有前后页链接的 Atom。"""

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        super().add_root_elements(handler)
        for relation in ("previous", "next"):
            if address := self.feed.get(relation):
                handler.addQuickElement("link", None, {"rel": relation, "href": address})

    def latest_post_date(self) -> datetime:
        """没有公告的订阅源也要有一个不变的时刻。"""
        dates = [item["updateddate"] for item in self.items]
        return max(dates, default=datetime(1970, 1, 1, tzinfo=UTC))


def feed(notices: list[PublishedNotice], page: FeedPage, site: str) -> str:
    """订阅源的正文；`site` 是网站的地址，接在各份公告的地址前面。"""
    atom = PagedAtom(
        title=page.title,
        link=page.home,
        description="",
        language="zh-CN",
        feed_url=page.here,
        feed_guid=tag("notices"),
        author_name=settings.SITE["organiser"] or settings.SITE["name"] or "政府购买服务公开",
        previous=page.newer,
        next=page.older,
    )
    for notice in notices:
        moment = instant(notice)
        atom.add_item(
            title=notice.title,
            link=f"{site}{notice.get_absolute_url()}",
            description=_summary(notice),
            unique_id=tag(f"notice/{notice.number}"),
            pubdate=moment,
            updateddate=moment,
            author_name=notice.purchaser_name,
            categories=[notice.get_kind_display()],
        )
    return atom.writeString("utf-8")


def instant(notice: PublishedNotice) -> datetime:
    """公告日的零时：快照只记发布的日子。"""
    return timezone.make_aware(datetime.combine(notice.published_on, time.min))


def tag(name: str) -> str:
    """不随网址改变的名称（RFC 4151），取自本系统审计记录的名称。"""
    host, _, path = settings.HISTORY_ORIGIN.partition("/")
    return f"tag:{host},2026:{path}/{name}"


def _summary(notice: PublishedNotice) -> str:
    place = f"　{notice.medium}" if notice.medium else ""
    return f"{notice.get_kind_display()}　{notice.project_name}　{notice.number}{place}"
