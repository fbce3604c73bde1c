"""采购各页的表单；字段名就是动作的参数名，金额清洗后为分。"""

from procurement.forms.award import DecideForm, NotifyForm, RefusalForm
from procurement.forms.common import with_options
from procurement.forms.filters import ProviderFilter, ScheduleForm, TenderFilter
from procurement.forms.preparation import (
    WEIGHT,
    DivideForm,
    IntentionForm,
    OpenTenderForm,
    PreparationForm,
    TenderForm,
)
from procurement.forms.providers import DebarForm, ProviderForm, ReviewForm
from procurement.forms.tender import BidForm, FailForm, InvalidForm, PublishForm, ReportForm

__all__ = [
    "WEIGHT",
    "BidForm",
    "DebarForm",
    "DecideForm",
    "DivideForm",
    "FailForm",
    "IntentionForm",
    "InvalidForm",
    "NotifyForm",
    "OpenTenderForm",
    "PreparationForm",
    "ProviderFilter",
    "ProviderForm",
    "PublishForm",
    "RefusalForm",
    "ReportForm",
    "ReviewForm",
    "ScheduleForm",
    "TenderFilter",
    "TenderForm",
    "with_options",
]
