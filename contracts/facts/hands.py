"""内部监督：一件事经过谁的手，办理人本人此前经过哪几手（《渝北办法》第十八条）。"""

from __future__ import annotations

from accounts.models import User
from core.rules import Context

Hands = tuple[tuple[str, str], ...]


def own_hands(context: Context, *hands: tuple[str, User | None]) -> Hands:
    """办理人（受托代理的，连同所代的人）此前经的手：（哪一手，姓名）；`hands` 是各手和经手的人。"""
    return tuple(
        (hand, who.full_name) for hand, who in hands if who is not None and context.is_by(who.pk)
    )
