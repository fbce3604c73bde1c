"""Notices: `notify` puts one notice on one desk, however often it is called."""

from datetime import date

from accounts.models import Organisation
from core.inbox.models import InboxItem

__all__ = ["InboxItem", "notify"]


def notify(
    *, key: str, organisation: Organisation, role: str, title: str, url: str, on: date
) -> InboxItem:
    """Put a notice on a desk once; `key` names the occasion."""
    item, _ = InboxItem.objects.get_or_create(
        key=f"{key}:{organisation.pk}:{role}",
        defaults={
            "organisation": organisation,
            "role": role,
            "title": title[:200],
            "url": url,
            "made_on": on,
        },
    )
    return item
