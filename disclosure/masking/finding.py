"""通读一段文本，认出其中的个人号码并遮盖。纯函数。"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from disclosure.masking.grouping import numbers_among
from disclosure.masking.numbers import (
    ACCOUNT,
    AREA,
    IDENTITY,
    LANDLINE,
    MOBILE,
    MOBILE_NUMBER,
    MOST,
    checks,
    is_identity,
    kind_of,
    masked,
)
from procurement.credit_code import problem_of

EMAIL = "电子邮箱"


@dataclass(frozen=True)
class Found:
    """文本中的一处：起止、种类、遮盖后的样子。"""

    start: int
    end: int
    kind: str
    shown: str


@dataclass(frozen=True)
class _Reading:
    """去掉零宽字符、全角和各种短横空格归一之后的文本，每个字还记得原来的位置。"""

    text: str
    places: tuple[int, ...]

    def found(self, start: int, end: int, kind: str, shown: str) -> Found:
        return Found(self.places[start], self.places[end - 1] + 1, kind, shown)


def _read(text: str) -> _Reading:
    kept = [(plain, place) for place, char in enumerate(text) if (plain := _plain(char))]
    return _Reading("".join(c for c, _ in kept), tuple(place for _, place in kept))


def _plain(char: str) -> str:
    digit = unicodedata.digit(char, None)
    if digit is not None:
        return str(digit)
    category = unicodedata.category(char)
    if category in ("Cf", "Mn", "Me"):
        return ""
    if char.isspace():
        return "\n" if char in "\n\r\x0b\x0c\u2028\u2029" else " "
    if category == "Pd" or char == "−":
        return "-"
    return chr(ord(char) - 0xFEE0) if "！" <= char <= "～" else char


SEPARATED = re.compile(r"\d(?:[ -]{0,3}\d)*(?:[ -]{0,3}[Xx](?![A-Za-z]))?")
DOTTED = re.compile(
    r"(?<![\d.·])(?:\d{3}[.·]\d{4}[.·]\d{4}|\d{4}(?:[.·]\d{4}){2,3}(?:[.·]\d{1,4})?)(?![\d.·])"
)
BRACKETED = re.compile(rf"\({AREA}\)[ -]{{0,3}}[2-9]\d{{2,3}}[ -]?\d{{4}}(?!\d)")
CALLED = re.compile(
    r"(?:电话|传真|座机|热线|致电|拨打|联系方式|[Tt][Ee][Ll])[^\d\n]{0,6}"
    r"([2-9]\d{2,3}[ -]?\d{4})(?![\d-])"
)
MAILED = re.compile(r"([A-Za-z0-9._%+-]+)@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)")
WEB = re.compile(r"https?://[!-~]+")
CREDIT_CODE = re.compile(
    r"(?<![0-9A-Za-z])[159][1-39]\d{6}[0-9A-HJ-NPQRTUWXY]{10}(?![0-9A-Za-z])|"
    r"(?<![0-9A-Za-z])Y1\d{6}[0-9A-HJ-NPQRTUWXY]{10}(?![0-9A-Za-z])"
)
BODY_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
MASKED = re.compile(rf"(?<!\d)(?:\d{{6}}|\d{{3}}|{AREA}-)?\*{{4,}}\d{{3}}[\dX](?!\d)")
DWELLING = re.compile(
    r"(?:小区|家属院|家属楼|宿舍|花园|公寓|新村|[栋幢]|单元|村[\d一二三四五六七八九十]+组)"
    r"[^，。；、\n]{0,20}?\d+\s*(?:室|号房|房)"
)


def find(text: str, keep: Iterable[str] = ()) -> list[Found]:
    """文本中全部个人号码，依次序。`keep` 是公告本身的编号，照登不遮；它写成个人号码的不在此列。"""
    if not text:
        return []
    reading = _read(text)
    plain, found = reading.text, []
    for start, end in _kept(plain, keep):
        plain = _blanked(plain, start, end)
    addresses = [each.span() for each in WEB.finditer(plain)]
    for stage in (_addresses, _mails, _grouped_by_signs, _runs, _broken, _called):
        for start, end, kind, shown in list(stage(plain)):
            found.append(reading.found(start, end, kind, shown))
            plain = _blanked(plain, start, end)
        if stage is _addresses:
            for start, end in addresses:
                plain = _blanked(plain, start, end)
    return sorted(found, key=lambda each: each.start)


def _blanked(text: str, start: int, end: int) -> str:
    """认过的一段不再参与后面的辨认。"""
    return f"{text[:start]}{'　' * (end - start)}{text[end:]}"


def dwellings(text: str) -> list[str]:
    """像是住址的片段。单位地址也会这样写，所以只提示，不代遮。"""
    return [each[0] for each in DWELLING.finditer(text)]


def mask(text: str, keep: Iterable[str] = ()) -> tuple[str, list[Found]]:
    """遮盖之后的文本，以及遮了哪些。再遮一次，不会再变。"""
    found = find(text, keep)
    for each in reversed(found):
        text = f"{text[: each.start]}{each.shown}{text[each.end :]}"
    return text, found


# --- 候选的各处 ---------------------------------------------------------------------------------

Candidate = tuple[int, int, str, str]


def _kept(text: str, keep: Iterable[str]) -> Iterator[tuple[int, int]]:
    """不遮的各段：遮过的号码，统一社会信用代码，公告本身的编号。"""
    yield from (each.span() for each in MASKED.finditer(text))
    yield from (each.span() for each in CREDIT_CODE.finditer(text) if is_credit_code(each[0]))
    for number in keep:
        plain = _read(number).text
        if plain and _is_number_of_a_paper(plain):
            for each in re.finditer(rf"(?<!\d){re.escape(plain)}(?!\d)", text):
                yield each.span()


def is_credit_code(code: str) -> bool:
    """统一社会信用代码；全是数字的与账号难分，主体代码也要相符（GB 11714），又不是证件号码。"""
    if problem_of(code) is not None:
        return False
    if not code[:17].isdigit():
        return True
    body = [int(digit) for digit in code[8:17]]
    total = sum(digit * weight for digit, weight in zip(body, BODY_WEIGHTS, strict=False))
    return not is_identity(code) and (11 - total % 11) % 11 == body[8]


def _is_number_of_a_paper(plain: str) -> bool:
    """是编号的样子：带字母或者汉字，或者比任何账号都长；其中也没有手机和校验相符的证件号码。"""
    parts = re.findall(r"\d+X?", plain)
    if any(MOBILE_NUMBER.fullmatch(p) or (is_identity(p) and checks(p)) for p in parts):
        return False
    digits = re.sub(r"\D", "", plain)
    return len(digits) > MOST or not re.fullmatch(r"[\d X-]+", plain)


def _addresses(text: str) -> Iterator[Candidate]:
    """网址中的证件、手机和银行卡号；其余的长数字是网页的编号，缺一位就打不开，不遮。"""
    for address in WEB.finditer(text):
        for each in re.finditer(r"(?<!\d)\d{11,19}[Xx]?(?!\d)", address[0]):
            digits = each[0].upper().rstrip("X" if len(each[0]) != 18 else "")
            kind, start = kind_of(digits), address.span()[0] + each.span()[0]
            is_card = kind == ACCOUNT and len(digits) > 15 and digits.startswith("62")
            if kind in (IDENTITY, MOBILE) or is_card:
                yield start, start + len(digits), kind, masked(digits, kind)


def _mails(text: str) -> Iterator[Candidate]:
    for mail in MAILED.finditer(text):
        yield *mail.span(), EMAIL, f"{mail[1][0] if len(mail[1]) > 1 else ''}***@{mail[2]}"


def _grouped_by_signs(text: str) -> Iterator[Candidate]:
    for pattern in (DOTTED, BRACKETED):
        for each in pattern.finditer(text):
            digits = re.sub(r"\D", "", each[0])
            if kind := kind_of(digits):
                yield *each.span(), kind, masked(digits, kind)


def _runs(text: str) -> Iterator[Candidate]:
    for run in SEPARATED.finditer(text):
        yield from _numbers_in(text, run)


def _broken(text: str) -> Iterator[Candidate]:
    """断在两行的证件和手机号码。"""
    joined = text.replace("\n", " ")
    for run in SEPARATED.finditer(joined):
        for each in _numbers_in(joined, run):
            if each[2] in (IDENTITY, MOBILE):
                yield each


def _called(text: str) -> Iterator[Candidate]:
    for call in CALLED.finditer(text):
        yield *call.span(1), LANDLINE, f"****{call[1][-4:]}"


def _numbers_in(text: str, run: re.Match[str]) -> Iterator[Candidate]:
    """一段由空格、短横连着的数字组里的号码。"""
    places = [
        (run.span()[0] + g.span()[0], run.span()[0] + g.span()[1])
        for g in re.finditer(r"\d+[Xx]?|[Xx]", run[0])
    ]
    words = [text[start:end].upper() for start, end in places]
    for first, last, kind in numbers_among(words, text[: run.span()[0]], run[0]):
        start = places[first][0]
        start -= kind == MOBILE and text[start - 1 : start] == "+"
        yield start, places[last - 1][1], kind, masked("".join(words[first:last]), kind)
