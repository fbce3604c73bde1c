"""The official schema of OCDS 1.1.5 and the standard's own rules, as judges of what we publish."""

from __future__ import annotations

import copy
import json
from functools import cache
from typing import Any

import ocdsmerge
import pytest
from jsonschema import Draft4Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

from tests.architecture.source import PROJECT

FOLDER = PROJECT / ".venv/ocds"
RELEASE, RELEASES, RECORDS = (
    f"{n}-schema.json" for n in ("release", "release-package", "record-package")
)

# What we use of the open codelists; compared by hand with the standard's CSV files of 1.1.5, which
# no package carries (docs/decisions/0018). performanceEvaluation and the two schemes are ours.
OPEN_CODES = {
    "documentType": {
        "procurementPlan", "plannedProcurementNotice", "tenderNotice", "awardNotice",
        "contractNotice", "completionCertificate", "cancellationDetails", "performanceEvaluation",
    },
    "roles": {"buyer", "procuringEntity", "supplier", "tenderer"},
    "relationship": {"planning", "unsuccessfulProcess"},
    "scheme": {"CN-USCC", "CN-GPC", "ocid"},
    "type": {"preProcurement", "delivery", "assessment"},
}  # fmt: skip


@cache
def schema(name: str) -> dict[str, Any]:
    if not (FOLDER / name).is_file():
        pytest.fail("the official schema is not here; run scripts/fetch-ocds-schema")
    found = json.loads((FOLDER / name).read_text("utf-8"))
    return _with_references(found) if name == RECORDS else found


def _with_references(found: dict[str, Any]) -> dict[str, Any]:
    """The copy at hand has whole release schemas, extended ones, written into it: refer instead."""
    record = found["properties"]["records"]["items"]["properties"]
    reference = {"$ref": schema(RELEASE)["id"]}
    record["compiledRelease"] = reference
    record["releases"]["oneOf"][1]["items"] = reference
    del record["versionedRelease"]
    return found


@cache
def validator(name: str) -> Draft4Validator:
    release = schema(RELEASE)
    known = Resource.from_contents(release, default_specification=DRAFT4)
    return Draft4Validator(
        schema(name),
        registry=Registry().with_resource(release["id"], known),
        format_checker=Draft4Validator.FORMAT_CHECKER,
    )


def problems(name: str, document: Any) -> list[str]:
    """What the official schema says against a document, each with its place."""
    errors = validator(name).iter_errors(document)
    return sorted(f"{'/'.join(map(str, e.absolute_path))}: {e.message[:120]}" for e in errors)


def every_field(value: Any, path: tuple[str, ...] = ()) -> Any:
    """Every (path of names, value) in a document, lists passed through."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield (*path, key), each
            yield from every_field(each, (*path, key))
    elif isinstance(value, list):
        for each in value:
            yield from every_field(each, path)


def unknown_codes(release: dict[str, Any]) -> list[tuple[tuple[str, ...], str]]:
    """Codes of open codelists that are not on our list."""
    return [
        (path, code)
        for path, value in every_field(release)
        if path[-1] in OPEN_CODES
        for code in (value if isinstance(value, list) else [value])
        if code not in OPEN_CODES[path[-1]]
    ]


def unknown_fields(release: dict[str, Any]) -> list[tuple[str, ...]]:
    """Fields the standard does not have: the schema itself lets every additional one pass."""
    known = set(_known_fields(schema(RELEASE)))
    return sorted({path for path, _ in every_field(release)} - known)


def _known_fields(node: dict[str, Any], path: tuple[str, ...] = ()) -> Any:
    for name, field in _resolved(node).get("properties", {}).items():
        yield (*path, name)
        whole = _resolved(field)
        inside = _resolved(whole.get("items", whole))
        if len(path) < 6 and "properties" in inside:
            yield from _known_fields(inside, (*path, name))


def _resolved(node: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in node:
        return node
    return schema(RELEASE)["definitions"][node["$ref"].rpartition("/")[2]]


def faults(release: dict[str, Any]) -> list[Any]:
    """Everything that is wrong with one release, by the schema and by what it does not see."""
    return [
        *problems(RELEASE, release),
        *unknown_codes(release),
        *unknown_fields(release),
        *unfit_references(release),
        *ill_ordered(release),
        *empty(release),
    ]


def unfit_references(release: dict[str, Any]) -> list[str]:
    """An organisation that is referred to stands in `parties`, in that role, under that name."""
    parties = {party["id"]: party for party in release["parties"]}
    referred = [("buyer", release["buyer"])]
    if "procuringEntity" in release.get("tender", {}):
        referred.append(("procuringEntity", release["tender"]["procuringEntity"]))
    for award in release.get("awards", []):
        referred += [("supplier", supplier) for supplier in award.get("suppliers", [])]
    awards = {award["id"] for award in release.get("awards", [])}
    return [
        f"{role} {each}"
        for role, each in referred
        if each["id"] not in parties
        or role not in parties[each["id"]]["roles"]
        or parties[each["id"]]["name"] != each["name"]
    ] + [c["id"] for c in release.get("contracts", []) if c["awardID"] not in awards]


def ill_ordered(release: dict[str, Any]) -> list[str]:
    """A period ends after it begins; nothing was published after its release."""
    periods = [v for p, v in every_field(release) if p[-1] in ("period", "tenderPeriod")]
    wrong = [str(p) for p in periods if p.get("startDate", "") > p.get("endDate", "9")]
    late = [v for p, v in every_field(release) if p[-1] == "datePublished" and v > release["date"]]
    return wrong + late


def empty(release: dict[str, Any]) -> list[Any]:
    return [path for path, value in every_field(release) if value in ("", None, [], {})]


def official_merge(releases: list[dict[str, Any]]) -> dict[str, Any]:
    return ocdsmerge.Merger(schema(RELEASE)).create_compiled_release(copy.deepcopy(releases))
