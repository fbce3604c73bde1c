"""公开的动作：开立义务、拟公告稿、处理、送审、审查发布、退回、更正、作废。"""

from disclosure.services.catalogue import (
    approve_catalogue,
    open_catalogue_duty,
    send_back_catalogue,
    send_catalogue,
)
from disclosure.services.drafting import Announcement, announce, complete_drafts
from disclosure.services.duties import open_duty
from disclosure.services.preparing import (
    correct_notice,
    discard_draft,
    prepare_draft,
    send_draft,
)
from disclosure.services.reviewing import approve_draft, send_back_draft

__all__ = [
    "Announcement",
    "announce",
    "approve_catalogue",
    "approve_draft",
    "complete_drafts",
    "correct_notice",
    "discard_draft",
    "open_catalogue_duty",
    "open_duty",
    "prepare_draft",
    "send_back_catalogue",
    "send_back_draft",
    "send_catalogue",
    "send_draft",
]
