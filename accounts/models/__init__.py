"""机构、辖区、账号、任职与授权代理。"""

from accounts.models.delegation import Delegation, DelegationScope
from accounts.models.people import (
    Jurisdiction,
    Mandate,
    MandateKind,
    Organisation,
    OrganisationKind,
    RegulationAdoption,
    RoleAssignment,
    User,
)

__all__ = [
    "Delegation",
    "DelegationScope",
    "Jurisdiction",
    "Mandate",
    "MandateKind",
    "Organisation",
    "OrganisationKind",
    "RegulationAdoption",
    "RoleAssignment",
    "User",
]
