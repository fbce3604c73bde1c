"""由空格、短横连着的数字组里，哪几组合成一个号码。`words` 是各组，`free` 是还没有认出的。"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from disclosure.masking.numbers import (
    ACCOUNT,
    AREA,
    IDENTITY,
    LANDLINE,
    LEAST,
    MOBILE,
    MOST,
    is_day,
    is_identity,
    kind_of,
)

Match = tuple[int, int, str]
Matches = Callable[[list[str], list[bool]], Iterator[Match]]
# 手机的分法，前面可以带国家代码。
TYPICAL = ((3, 4, 4), (3, 8), (2, 3, 4, 4), (2, 3, 8))
ACCOUNT_FOLLOWS = re.compile(r"(?:账号|帐号|账户|帐户|卡号)[^\d，。；\n]{0,8}$")


def numbers_among(words: list[str], before: str, run: str) -> Iterator[Match]:
    """号码 `(首组, 末组之后, 种类)`：先证件，再自成一组的，再手机，再账号。"""
    free = [True] * len(words)
    stages: list[Matches] = [_identities, _singles, _phones, _named(before, run)]
    for matches in stages if is_paper(before, words[0]) else [*stages, _joined]:
        for first, last, kind in list(matches(words, free)):
            free[first:last] = [False] * (last - first)
            yield first, last, kind


def is_paper(before: str, first: str) -> bool:
    """字母、短横之后以年份开头的，是文件的编号，如 SF-HT-2026-0315-0001。"""
    return bool(re.search(r"[A-Za-z]-$", before) and re.fullmatch(r"(?:19|20)\d\d", first))


def _windows(words: list[str], free: list[bool]) -> Iterator[tuple[int, int]]:
    """相连而还没有认出的各组，从左到右，由短到长。"""
    for first in range(len(words)):
        length = 0
        for last in range(first, len(words)):
            length += len(words[last])
            if not free[last] or length > MOST:
                break
            yield first, last + 1


def _identities(words: list[str], free: list[bool]) -> Iterator[Match]:
    taken = 0
    for first, last in _windows(words, free):
        digits = "".join(words[first:last])
        # 15 位的容易与账号的一截相混，须自成一组或者就是整段。
        is_apart = len(digits) == 18 or last - first in (1, len(words))
        if first >= taken and is_apart and is_identity(digits):
            taken = last
            yield first, last, IDENTITY


def _singles(words: list[str], free: list[bool]) -> Iterator[Match]:
    for place, word in enumerate(words):
        if free[place] and (kind := kind_of(word.removesuffix("X"))):
            yield place, place + 1, kind


def _phones(words: list[str], free: list[bool]) -> Iterator[Match]:
    """照手机的分法写的；先于账号，免得前面的账号把它的前三位当作自己的末组。"""
    taken = 0
    for first, last in _windows(words, free):
        sizes = tuple(len(word) for word in words[first:last])
        is_typical = first >= taken and sizes in TYPICAL
        if is_typical and kind_of("".join(words[first:last])) == MOBILE:
            taken = last
            yield first, last, MOBILE


def _named(before: str, run: str) -> Matches:
    """写明是账号的，或者只用短横连着的，整段是一个账号，不论怎样分组。"""
    is_whole = ACCOUNT_FOLLOWS.search(before) or " " not in run

    def matches(words: list[str], free: list[bool]) -> Iterator[Match]:
        size = sum(map(len, words))
        is_open = all(free) and LEAST <= size <= MOST and len(words) > 1
        is_other = is_paper(before, words[0]) or _is_plain_figures(words)
        if is_whole and is_open and not is_other and not any(_dates(words)):
            yield 0, len(words), kind_of("".join(words)) or ACCOUNT

    return matches


def _joined(words: list[str], free: list[bool]) -> Iterator[Match]:
    free = [is_free and not is_dated for is_free, is_dated in zip(free, _dates(words), strict=True)]
    longest: dict[int, Match] = {}
    for first, last in _windows(words, free):
        if last - first > 1 and (kind := _kind_of_joined(words[first:last])):
            longest[first] = (first, last, kind)
    taken = 0
    for first, last, kind in (longest[place] for place in sorted(longest)):
        if first >= taken:
            taken = last
            yield first, last, kind


def _kind_of_joined(parts: list[str]) -> str:
    digits = "".join(parts)
    kind = kind_of(digits) if digits.isdigit() and not _is_plain_figures(parts) else ""
    if kind == LANDLINE:
        return kind if re.fullmatch(AREA, parts[0]) else ""
    return kind if kind != ACCOUNT or _is_even(parts) or _is_code_like(parts) else ""


def _is_plain_figures(parts: list[str]) -> bool:
    """几个日期、年份或者整百的数额挨在一起。"""
    return all(
        part.endswith("00")
        or (len(part) == 8 and is_day(part))
        or (len(part) == 4 and "1900" <= part <= "2099")
        for part in parts
    )


def _dates(words: list[str]) -> list[bool]:
    """各组是不是某个日期（2026-03-05）的年、月、日。"""
    found = [False] * len(words)
    for place in range(len(words) - 2):
        year, month, day = words[place : place + 3]
        is_split = len(year) == 4 and max(len(month), len(day)) <= 2
        if is_split and is_day(f"{year}{month.zfill(2)}{day.zfill(2)}"):
            found[place : place + 3] = [True] * 3
    return found


def _is_code_like(parts: list[str]) -> bool:
    """照证件的分法写的，或者有一组以 0 打头：数额和数量不会这样写。"""
    sizes = tuple(len(part) for part in parts)
    return sizes in ((6, 8, 4), (6, 8, 5), (6, 6, 3)) or any(
        part.startswith("0") and len(part) > 1 for part in parts
    )


def _is_even(parts: list[str]) -> bool:
    """账号通常的分法：各组一样长，最后一组可以短。"""
    size = len(parts[0])
    return all(len(part) == size for part in parts[:-1]) and len(parts[-1]) <= size
