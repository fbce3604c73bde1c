"""申报的表单：只读入与逐栏核对，不判断法定条件。"""

from projects.forms.acts import ClosingForm, CommentForm, NoteForm, SendBackForm
from projects.forms.bundle import FilingBundle, said_of_funds, said_of_total, typed_values
from projects.forms.declaring import ExclusionForm
from projects.forms.filing import FilingForm
from projects.forms.filters import ProjectFilter
from projects.forms.sections import SECTIONS, Section, sections
from projects.forms.situation import CONDITIONS, Situation

__all__ = [
    "CONDITIONS",
    "SECTIONS",
    "ClosingForm",
    "CommentForm",
    "ExclusionForm",
    "FilingBundle",
    "FilingForm",
    "NoteForm",
    "ProjectFilter",
    "Section",
    "SendBackForm",
    "Situation",
    "said_of_funds",
    "said_of_total",
    "sections",
    "typed_values",
]
