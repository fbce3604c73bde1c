"""公开的各类数据：公开义务，公告稿，已发布的公告。"""

from disclosure.models.catalogue import CatalogueDuty, CatalogueDutyStatus
from disclosure.models.draft import DraftStatus, NoticeDraft
from disclosure.models.duty import DisclosureDuty, DutyKind, DutyStatus
from disclosure.models.text import Ground, Section, fields_of, withhold
from disclosure.public.models import (
    NoticeKind,
    PublishedCatalogue,
    PublishedNotice,
    PublishedRelease,
)

__all__ = [
    "CatalogueDuty",
    "CatalogueDutyStatus",
    "DisclosureDuty",
    "DraftStatus",
    "DutyKind",
    "DutyStatus",
    "Ground",
    "NoticeDraft",
    "NoticeKind",
    "PublishedCatalogue",
    "PublishedNotice",
    "PublishedRelease",
    "Section",
    "fields_of",
    "withhold",
]
