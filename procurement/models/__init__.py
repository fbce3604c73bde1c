"""采购：承接主体、采购方式、采购过程、成交。"""

from procurement.models.award import Award, AwardStatus
from procurement.models.bid import Bid, BidStatus, EvaluationReport
from procurement.models.preparation import Intention, Mode, OrganisationForm, Preparation
from procurement.models.provider import (
    Condition,
    Debarment,
    Provider,
    ProviderKind,
    ProviderStatus,
    Qualification,
)
from procurement.models.tender import FailureGround, Tender, TenderStatus

__all__ = [
    "Award",
    "AwardStatus",
    "Bid",
    "BidStatus",
    "Condition",
    "Debarment",
    "EvaluationReport",
    "FailureGround",
    "Intention",
    "Mode",
    "OrganisationForm",
    "Preparation",
    "Provider",
    "ProviderKind",
    "ProviderStatus",
    "Qualification",
    "Tender",
    "TenderStatus",
]
