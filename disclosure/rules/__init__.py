"""公开的法定条件：期限，公告稿的处理和审查。"""

from disclosure.rules import catalogue, closing, deadlines, drafts

__all__ = ["catalogue", "closing", "deadlines", "drafts"]
