"""填报表的分量：金额多少、属哪一类资金，决定要填到多细（《渝北办法》第四条第（三）项）。"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from projects.models import FormWeight

SMALL_BELOW, KEY_FROM, KEY_PROGRAMMES = WEIGHT_PARAMETERS = (
    "YB-4.3-small-filing-fen",
    "YB-4.3-key-filing-fen",
    "YB-4.3-key-programmes",
)


def weight_of(total_fen: int, programme: str, parameters: Mapping[str, Any]) -> FormWeight:
    """总额（分）和特定目标类所定的分量；不满小额标准又不属特定目标类的为小额。"""
    if total_fen >= parameters[KEY_FROM] or programme in parameters[KEY_PROGRAMMES]:
        return FormWeight.KEY
    if total_fen < parameters[SMALL_BELOW] and not programme:
        return FormWeight.SMALL
    return FormWeight.NORMAL
