"""All tables of the machinery, gathered for Django; each lives in its own room."""

from core.attachments.models import Attachment
from core.calendar.models import CalendarYear, DemoClock
from core.documents.models import Document
from core.drafts.models import Draft
from core.events.models import Delivery, OutboxEvent
from core.history.models import Checkpoint, HistoryEvent, PersonalValue, RequestKey
from core.inbox.models import InboxItem
from core.rules.models import Parameter

__all__ = [
    "Attachment",
    "CalendarYear",
    "Checkpoint",
    "Delivery",
    "DemoClock",
    "Document",
    "Draft",
    "HistoryEvent",
    "InboxItem",
    "OutboxEvent",
    "Parameter",
    "PersonalValue",
    "RequestKey",
]
