"""公开站点自己的动作：公布检查点、重建检索索引，以及核验时的比对。"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction
from django.db.models import Max

from core.history.reading import signed_heads
from core.history.verify import EXTRA_CHECKS
from disclosure.public.index import SearchText, drop_notices, index_notice, stale
from disclosure.public.models import PublishedCheckpoint, PublishedNotice

HEAD = ("size", "root_sha256", "root_sm3", "signed_at", "note")


def publish_checkpoints() -> int:
    """把尚未公布的检查点照录到公开站点；签署检查点的事务里调用，漏下的一并补上。"""
    last = PublishedCheckpoint.objects.aggregate(size=Max("size"))["size"] or 0
    rows = [
        PublishedCheckpoint(**{name: getattr(head, name) for name in HEAD})
        for head in signed_heads(after=last)
    ]
    return len(PublishedCheckpoint.objects.bulk_create(rows))


def fill_public_site() -> None:
    """升级或者搬动数据库之后：公告多于索引的补编，漏下的检查点补上；没有缺的，只数两次。"""
    if SearchText.objects.count() != PublishedNotice.objects.count():
        rebuild_search()
    publish_checkpoints()


def rebuild_search() -> list[int]:
    """把索引与公告不符的重新编入，返回这些公告的序号；索引完好的一行不动。"""
    with transaction.atomic():
        found = stale(_notices())
        drop_notices(found)
        for notice in PublishedNotice.objects.filter(pk__in=found):
            index_notice(notice)
        return found


def search_differences() -> list[str]:
    """检索索引是否正好是公告推出的那些。"""
    return [
        f"公告 {pk} 的检索索引与公告不符；请运行 manage.py rebuild_search。"
        for pk in stale(_notices())
    ]


def checkpoint_differences() -> list[str]:
    """公布的检查点是否正是签署的那些。"""
    signed = {head.size: head for head in signed_heads()}
    return [
        f"公布的检查点 {row.size} 与签署的不符。"
        for row in PublishedCheckpoint.objects.order_by("size")
        if any(getattr(signed.get(row.size), name, None) != getattr(row, name) for name in HEAD)
    ]


def _notices() -> Iterator[PublishedNotice]:
    return PublishedNotice.objects.order_by("pk").iterator(chunk_size=200)


EXTRA_CHECKS.extend([search_differences, checkpoint_differences])
