"""Collections of cloud resources in the states tests begin from."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from projects.models import CloudAnswer, CloudCollection, CloudPrice
from projects.services import (
    CloudLineInput,
    PriceInput,
    close_collection,
    confirm_answer,
    fill_answer,
    open_collection,
)
from tests.world import DAY, World

DUE = DAY + timedelta(days=14)
AFTER = DUE + timedelta(days=1)
PRICES = (
    ("S1", "private", "通用计算 4 核 8G", 360_000),
    ("S2", "public", "对象存储 1 TB", 120_050),
    ("X1", "domestic", "信创服务器 8 核 16G", 980_000),
)
OFFICERS = {"文旅委": "zhang", "教委": "chen"}
LEADERS = {"文旅委": "wang", "教委": "gao"}


def prices(on: date = DAY) -> list[PriceInput]:
    return [
        PriceInput(code, category, name, "台·年", fen, "框架协议〔2025〕3 号", on)
        for code, category, name, fen in PRICES
    ]


def collecting(world: World, *units: str, on: date = DAY, **changes: Any) -> CloudCollection:
    """文旅委 collects for 2026 from 文旅委 and 教委, unless said otherwise."""
    values: dict[str, Any] = {
        "year": 2026,
        "answers_due_on": on + timedelta(days=14),
        "prices": prices(),
        "units": [world.purchasers[u] for u in units or ("文旅委", "教委")],
        **changes,
    }
    return open_collection(world.purchasers["文旅委"], **values, **world.zhang.acts(on))


def fresh(row: Any) -> Any:
    return type(row).objects.whole().get(pk=row.pk)


def answer_of(world: World, collection: CloudCollection, unit: str) -> CloudAnswer:
    rows = CloudAnswer.objects.filter(collection=collection, purchaser=world.purchasers[unit])
    return rows.whole().get()


def line(collection: CloudCollection, code: str, *numbers: Any, reason: str = "") -> CloudLineInput:
    """`numbers` are current, released, requested."""
    price = CloudPrice.objects.get(collection=collection, code=code)
    current, released, requested = (Decimal(n) for n in (*numbers, 0, 0, 0)[:3])
    return CloudLineInput(price, current, released, requested, reason)


def filled(world: World, collection: CloudCollection, unit: str, *lines: Any, on: date = DAY):
    """Filled by the officer; one line of S1 unless said otherwise."""
    answer = answer_of(world, collection, unit)
    lines = lines or (line(collection, "S1", 10, 2, 3, reason="新建系统"),)
    fill_answer(answer, lines=lines, **getattr(world, OFFICERS[unit]).acts(on))
    return fresh(answer)


def confirmed(world: World, collection: CloudCollection, unit: str, *lines: Any, on: date = DAY):
    answer = filled(world, collection, unit, *lines, on=on)
    confirm_answer(answer, **getattr(world, LEADERS[unit]).acts(on))
    return fresh(answer)


def closed(world: World, collection: CloudCollection | None = None, on: date = DAY) -> Any:
    """Everybody has confirmed: 文旅委 11 of S1, 教委 11 of S1 and 4 of S2."""
    collection = collection or collecting(world, on=on)
    confirmed(world, collection, "文旅委", on=on)
    two = (line(collection, "S1", 10, 2, 3, reason="扩容"), line(collection, "S2", 4))
    confirmed(world, collection, "教委", *two, on=on)
    close_collection(fresh(collection), **world.zhang.acts(on))
    return fresh(collection)


def opened(world: World) -> dict[str, Any]:
    """One collection of 文旅委 from itself alone; 教委 is not asked and sees none of it."""
    collection = collecting(world, "文旅委")
    return {"cloud": collection, "cloud_answer": filled(world, collection, "文旅委")}
