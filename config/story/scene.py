"""Where a story stands: its district, its people, and the present documents of its purchase."""

from __future__ import annotations

from typing import Any

from config.demo.district import Actor, District
from contracts.models import Contract
from procurement.models import Award, Provider, Tender
from projects.models import Package, Project


class Scene:
    """One purchase being told; every document is read from the database as it stands now."""

    def __init__(self, district: District, project: str) -> None:
        self.district = district
        self.name = project

    def actor(self, username: str) -> Actor:
        return self.district.actors[username]

    def holder(self, role: str) -> Actor:
        """Who holds a role of the chain of signatures in the purchaser's organisation."""
        owner = self.project.owner()
        return next(
            a
            for a in self.district.actors.values()
            if a.role.role == role and a.role.organisation_id == owner.pk
        )

    @property
    def project(self) -> Project:
        return Project.objects.with_owner().get(
            name=self.name, purchaser__organisation__jurisdiction=self.district.jurisdiction
        )

    def has_project(self) -> bool:
        return Project.objects.filter(
            name=self.name, purchaser__organisation__jurisdiction=self.district.jurisdiction
        ).exists()

    def package(self, position: int = 1) -> Package:
        return Package.objects.get(project=self.project, position=position)

    def tender(self, package: int = 1) -> Tender:
        """The latest attempt of a package."""
        return Tender.objects.filter(package=self.package(package)).latest("pk")

    def award_of(self, package: int = 1) -> Award:
        return Award.objects.filter(tender__package=self.package(package)).latest("pk")

    def contract_of(self, package: int = 1) -> Contract:
        return Contract.objects.filter(package=self.package(package)).latest("pk")

    def provider(self, name: str) -> Provider:
        return Provider.objects.get(jurisdiction_of=self.district.jurisdiction, name=name)


Acts = dict[str, Any]
