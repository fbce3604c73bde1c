"""一条事件：一句话、逐栏的更改、规则、正文原样、叶值与证明。"""

from __future__ import annotations

import json

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from audit.views.doors import audited_event
from core.history.canonical import canonical_bytes, loads
from core.history.checkpoints import LogDamaged
from core.history.proofs import prove_event
from core.history.reading import view_of
from core.views.acts import SignedInRequest


@require_safe
def event(request: SignedInRequest, pk: int) -> HttpResponse:
    """一条事件的全部内容，连同到最近检查点的包含证明。"""
    row, case = audited_event(request, pk)
    body = loads(row.body.encode())
    context = {
        "row": row,
        "case": case,
        "event": view_of(row),
        "body": json.dumps(body, ensure_ascii=False, indent=2),
        "rules": body["rules"],
        **_proof(pk),
        "crumbs": [
            {"title": "案卷", "url": reverse("audit:cases")},
            {"title": case.number, "url": reverse("audit:case", args=[case.pk])},
            {"title": f"第 {pk} 号事件"},
        ],
    }
    return render(request, "audit/event.html", context)


def _proof(seq: int) -> dict[str, object]:
    """页面上只算 SHA-256 一棵树；下载的两棵都有。"""
    try:
        found = prove_event(seq, algorithms=("sha256",))
    except LogDamaged as damage:
        return {"damage": str(damage)}
    if found is None:
        return {"path": None}
    checkpoint, path = found
    return {"checkpoint": checkpoint, "path": path["sha256"]}


@require_safe
def body(request: SignedInRequest, pk: int) -> HttpResponse:
    """正文的规范字节，一字节不差；对它算叶值即得本页所示。"""
    row, _ = audited_event(request, pk)
    return _json(row.body.encode(), f"event-{pk:06d}.json")


@require_safe
def proof(request: SignedInRequest, pk: int) -> HttpResponse:
    """包含证明，与案卷里的同一写法；检查点还没有涵盖的，证明为空。"""
    audited_event(request, pk)
    try:
        found = prove_event(pk)
    except LogDamaged as damage:
        return HttpResponse(str(damage), status=409, content_type="text/plain; charset=utf-8")
    size, path = (found[0].size, found[1]) if found else (0, {"sha256": [], "sm3": []})
    return _json(canonical_bytes({"seq": pk, "size": size, **path}), f"proof-{pk:06d}.json")


def _json(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
