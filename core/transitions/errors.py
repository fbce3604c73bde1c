"""Why an act did not happen. Domain words; `core.views.acts` translates them once."""

from __future__ import annotations

from core.history.sealing import StreamSealed
from core.history.unit import ActError, PendingEvent, RecordedRefusal
from core.rules import Verdict

__all__ = [
    "ActError",
    "NotOffered",
    "NotPermitted",
    "RequestKeyMismatch",
    "StaleAct",
    "StreamSealed",
    "TransitionRefused",
]


class TransitionRefused(ActError, RecordedRefusal):
    """One or more rules refuse; nothing was changed (422)."""

    def __init__(
        self, title: str, refusals: tuple[Verdict, ...], record: PendingEvent | None
    ) -> None:
        self.title, self.refusals, self.record = title, refusals, record
        parts = "；".join(f"{r.article.label}：{r.message}" for r in refusals)
        super().__init__(f"“{title}”未通过，未作任何改动。{parts}")


class NotPermitted(ActError, RecordedRefusal):
    """The actor's role does not allow this act (403)."""

    def __init__(self, title: str, record: PendingEvent | None) -> None:
        self.title, self.record = title, record
        super().__init__(
            f"以当前岗位不能办理“{title}”，未作任何改动。请切换到有权办理的岗位，或请有权的人员办理。"
        )


class NotOffered(ActError):
    """The object is in a state from which this move does not start (409)."""

    def __init__(self, title: str, state: str) -> None:
        super().__init__(
            f"当前状态是“{state}”，不能办理“{title}”，未作任何改动。请刷新页面查看最新情况。"
        )


class StaleAct(ActError):
    """The object changed since the page was shown (409)."""

    def __init__(self, title: str) -> None:
        super().__init__(
            f"您打开页面后，事项内容已被他人改动，“{title}”没有办理，未作任何改动。"
            "请刷新页面，核对最新内容后再办理。"
        )


class RequestKeyMismatch(ActError):
    """The same request key came with other content (422)."""

    def __init__(self) -> None:
        super().__init__("同一张表单以不同内容重复提交，未作任何改动。请刷新页面后重新填写。")
