"""Keeping, finding and dropping what somebody typed and has not filed yet."""

from __future__ import annotations

from typing import Any

from accounts.models import User
from core.drafts.models import Draft


def draft_of(user: User, form: str) -> Draft | None:
    """The user's own newest draft of that form."""
    return Draft.objects.visible_to(user).filter(form=form).first()


def save_draft(user: User, form: str, *, title: str, content: dict[str, Any]) -> Draft:
    """Keep what was typed; one draft a form and person, the newest wins."""
    draft = draft_of(user, form) or Draft(user=user, form=form)
    draft.title, draft.content = _storable(title)[:200], _storable(content)
    draft.save()
    return draft


def drop_draft(user: User, form: str) -> None:
    """The form was filed, or its writer gave it up."""
    Draft.objects.visible_to(user).filter(form=form).delete()


def _storable(typed: Any) -> Any:
    """What PostgreSQL can keep: the same without NUL characters."""
    if isinstance(typed, str):
        return typed.replace("\x00", "")
    if isinstance(typed, dict):
        return {_storable(k): _storable(v) for k, v in typed.items()}
    return [_storable(v) for v in typed] if isinstance(typed, list) else typed
