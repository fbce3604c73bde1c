"""申报的表单：只读入与逐栏核对，不判断法定条件。"""

from projects.forms.acts import ClosingForm, CommentForm, NoteForm, SendBackForm
from projects.forms.bundle import FilingBundle, said_of_funds, said_of_total, typed_values
from projects.forms.declaring import ExclusionForm
from projects.forms.desk import FinishForm, HandoverForm, TaskForm, TaskNoteForm
from projects.forms.filing import FilingForm
from projects.forms.filters import ProjectFilter
from projects.forms.internal import (
    AnswerForm,
    DenyForm,
    EndMemberForm,
    MemberForm,
    PointsForm,
    meeting_form,
    paper_form,
)
from projects.forms.sections import SECTIONS, Section, sections
from projects.forms.situation import CONDITIONS, Situation
from projects.forms.tiers import EndTierForm, TierForm, TierPreviewForm

__all__ = [
    "CONDITIONS",
    "SECTIONS",
    "AnswerForm",
    "ClosingForm",
    "CommentForm",
    "DenyForm",
    "EndMemberForm",
    "EndTierForm",
    "ExclusionForm",
    "FilingBundle",
    "FilingForm",
    "FinishForm",
    "HandoverForm",
    "MemberForm",
    "NoteForm",
    "PointsForm",
    "ProjectFilter",
    "Section",
    "SendBackForm",
    "Situation",
    "TaskForm",
    "TaskNoteForm",
    "TierForm",
    "TierPreviewForm",
    "meeting_form",
    "paper_form",
    "said_of_funds",
    "said_of_total",
    "sections",
    "typed_values",
]
