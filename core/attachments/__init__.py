"""Attachments: checked by content, stored by digest, described by a recorded row."""

from core.attachments.models import Attachment
from core.attachments.upload import UploadRefused, attach, checked_upload

__all__ = ["Attachment", "UploadRefused", "attach", "checked_upload"]
