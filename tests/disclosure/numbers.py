"""Random identity, phone and account numbers, in the dresses people write them in."""

from __future__ import annotations

import random
from datetime import date, timedelta

from disclosure.masking.numbers import WEIGHTS

PROVINCES = ("11", "31", "44", "50", "51")
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


def identity(rng: random.Random) -> str:
    born = date(1950, 1, 1) + timedelta(days=rng.randrange(20_000))
    first = (
        f"{rng.choice(PROVINCES)}{rng.randrange(10_000):04d}{born:%Y%m%d}{rng.randrange(1000):03d}"
    )
    total = sum(int(d) * w for d, w in zip(first, WEIGHTS, strict=True))
    return first + "10X98765432"[total % 11]


def mobile(rng: random.Random) -> str:
    return f"1{rng.randrange(3, 10)}{rng.randrange(10**9):09d}"


def account(rng: random.Random) -> str:
    """16 to 19 digits; a third of them a bank card's."""
    first = rng.choice(["62", "31", "50"])
    size = rng.randrange(16, 20)
    return first + "".join(str(rng.randrange(10)) for _ in range(size - 2))


def grouped(number: str, sizes: tuple[int, ...], sign: str) -> str:
    parts, rest = [], number
    for size in sizes:
        parts.append(rest[:size])
        rest = rest[size:]
    return sign.join(part for part in (*parts, rest) if part)


GROUPS = {11: (3, 4), 15: (6, 6), 18: (6, 8)}


def dressed(rng: random.Random, number: str) -> str:
    """Plain, in groups, full-width, or with what nobody sees between the digits."""
    sizes = GROUPS.get(len(number), (4, 4, 4, 4))
    way = rng.randrange(6)
    if way == 1:
        return grouped(number, sizes, " ")
    if way == 2:
        return grouped(number, sizes, "-")
    if way == 3:
        return number.translate(FULL_WIDTH)
    if way == 4:
        return "\u200b".join(number)
    return grouped(number, (4, 4, 4, 4), " ") if way == 5 else number


def some(count: int, seed: int = 7) -> list[str]:
    """Numbers of the three kinds in turn, undressed."""
    rng = random.Random(seed)
    makers = (identity, mobile, account)
    return [makers[n % 3](rng) for n in range(count)]
