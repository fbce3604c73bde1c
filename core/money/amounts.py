"""Amounts of money as integers of 分: reading, showing, sharing out and multiplying.

Nothing here uses a float, and nothing rounds without saying so. Reading is strict on purpose:
a library that accepts ``1E+5``, ``1_000`` or ``１２３`` has guessed what an official meant.
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final, Literal

Unit = Literal["元", "万元"]

MAX_FEN: Final = 999_999_999_999_999
"""The largest amount the system holds: 9,999,999,999,999.99 元."""

UNIT_MISTAKE: Final = 10_000

_PLACES: Final[dict[Unit, int]] = {"元": 2, "万元": 6}
_WHOLE = r"(?P<whole>0|[1-9][0-9]*|[1-9][0-9]{0,2}(?:,[0-9]{3})+)"
_AMOUNT: Final = {
    unit: re.compile(rf"(?P<sign>-?){_WHOLE}(?:\.(?P<part>[0-9]{{1,{places}}}))?")
    for unit, places in _PLACES.items()
}
_LONGEST_WHOLE = 13


class MoneyError(ValueError):
    """An amount that cannot be taken as it stands; the message says what is allowed."""


# --- Reading ------------------------------------------------------------------


def parse_amount(text: str, unit: Unit = "元", *, allow_negative: bool = False) -> int:
    """Read a typed amount in `unit` and return 分.

    Raises MoneyError with a Chinese sentence saying what may be typed.
    """
    match = _AMOUNT[unit].fullmatch(text)
    if match is None:
        raise MoneyError(_allowed(text, unit, allow_negative=allow_negative))
    if match["sign"] and not allow_negative:
        raise MoneyError("金额不能为负数。")
    whole = match["whole"].replace(",", "")
    if len(whole) > _LONGEST_WHOLE:
        raise MoneyError(_too_large(unit))
    places = _PLACES[unit]
    fen = int(whole + (match["part"] or "").ljust(places, "0"))
    if fen > MAX_FEN:
        raise MoneyError(_too_large(unit))
    return -fen if match["sign"] else fen


def _allowed(text: str, unit: Unit, *, allow_negative: bool) -> str:
    if not text.strip():
        return f"请填写金额（{unit}）。"
    sign = "，负数在最前面写“-”" if allow_negative else ""
    example = "1860000.00 或 1,860,000.00" if unit == "元" else "186 或 186.00"
    return (
        f"金额（{unit}）只能填写半角阿拉伯数字和小数点，至多 {_PLACES[unit]} 位小数，"
        f"千位逗号可写可不写{sign}，如 {example}。"
    )


def _too_large(unit: Unit) -> str:
    most = format_yuan(MAX_FEN) if unit == "元" else format_wanyuan(MAX_FEN)
    return f"金额过大，最多为 {most} {unit}，请核对单位。"


# --- Showing ------------------------------------------------------------------


def format_yuan(fen: int) -> str:
    """186000000 → ``1,860,000.00``."""
    whole, part = divmod(abs(fen), 100)
    return f"{_sign(fen)}{whole:,}.{part:02d}"


def format_wanyuan(fen: int) -> str:
    """186000000 → ``186.00``: exact, with two to six decimals."""
    whole, part = divmod(abs(fen), 1_000_000)
    decimals = f"{part:06d}".rstrip("0").ljust(2, "0")
    return f"{_sign(fen)}{whole:,}.{decimals}"


def _sign(fen: int) -> str:
    return "-" if fen < 0 else ""


# --- Capitals -----------------------------------------------------------------

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACE_NAMES = ((1000, "仟"), (100, "佰"), (10, "拾"), (1, ""))
# Zeros the rules leave to the writer. Both stand in a template until it is decided.
_ZERO_LEFT_OUT = "○"
_ZERO_WRITTEN = "◎"


def capital(fen: int) -> str:
    """The amount in Chinese capitals: ``人民币壹佰捌拾陆万元整``.

    Where the rules allow 零 or no 零 between two sections, the form without is used; the
    exception is a wholly empty 万 section (壹亿零壹仟元整), where leaving it out misreads.
    Raises MoneyError for a negative amount or one above MAX_FEN.
    """
    template = _template(fen)
    return "人民币" + template.replace(_ZERO_LEFT_OUT, "").replace(_ZERO_WRITTEN, "零")


def is_capital(text: str, fen: int) -> bool:
    """Whether `text` is a lawful way to write `fen` in capitals (optional 零, 正, 圆)."""
    pattern = re.sub(f"[{_ZERO_LEFT_OUT}{_ZERO_WRITTEN}]", "零?", _template(fen))
    if fen % 100 and fen < 100:
        pattern = f"(?:零元零?)?{pattern}"
    if pattern.endswith("角"):
        pattern += "整?"
    pattern = pattern.replace("整", "[整正]").replace("元", "[元圆]")
    return re.fullmatch(f"(?:人民币)?{pattern}", text) is not None


def _template(fen: int) -> str:
    if not 0 <= fen <= MAX_FEN:
        raise MoneyError(f"大写金额只能表示 0.00 至 {format_yuan(MAX_FEN)} 元。")
    yuan, rest = divmod(fen, 100)
    jiao, last = divmod(rest, 10)
    text = f"{_whole(yuan)}元" if yuan else ""
    if not rest:
        return f"{text or '零元'}整"
    if yuan and not jiao:
        text += "零"
    elif yuan and yuan % 10 == 0:
        text += _ZERO_LEFT_OUT
    text += f"{_DIGITS[jiao]}角" if jiao else ""
    return text + (f"{_DIGITS[last]}分" if last else "")


def _whole(number: int) -> str:
    for size, name in ((10**8, "亿"), (10**4, "万")):
        if number >= size:
            high, low = divmod(number, size)
            return f"{_whole(high)}{name}{_gap(high, low, size)}{_whole(low) if low else ''}"
    return _thousands(number)


def _gap(high: int, low: int, size: int) -> str:
    if not low:
        return ""
    if low >= size // 10:
        return _ZERO_LEFT_OUT if high % 10 == 0 else ""
    return _ZERO_WRITTEN if size == 10**8 and 1000 <= low < 10**4 else "零"


def _thousands(number: int) -> str:
    text, gap = "", False
    for size, name in _PLACE_NAMES:
        digit = number // size % 10
        if digit:
            text += ("零" if gap and text else "") + _DIGITS[digit] + name
        gap = digit == 0
    return text


# --- Arithmetic ---------------------------------------------------------------


def allocate(total_fen: int, weights: Sequence[int | Decimal]) -> list[int]:
    """Share `total_fen` by `weights` so that the shares sum to it exactly.

    Largest remainder: every share is the exact one rounded down, and the 分 left over go to
    the largest remainders, the earlier share first when equal.
    """
    exact_weights = [Fraction(weight) for weight in weights]
    whole_weight = sum(exact_weights, Fraction(0))
    if not whole_weight or min(exact_weights) < 0:
        raise MoneyError("分摊比例不能为负数，且合计须大于 0。")
    if total_fen < 0:
        return [-share for share in allocate(-total_fen, weights)]
    exact = [total_fen * weight / whole_weight for weight in exact_weights]
    shares = [share.numerator // share.denominator for share in exact]
    largest_first = sorted(range(len(exact)), key=lambda at: shares[at] - exact[at])
    for at in largest_first[: total_fen - sum(shares)]:
        shares[at] += 1
    return shares


def multiply(quantity: Decimal, unit_price_fen: int) -> int:
    """Quantity × unit price in 分, halves away from zero (四舍五入)."""
    if not quantity.is_finite() or abs(quantity.adjusted()) > _LONGEST_WHOLE + 2:
        raise MoneyError("数量须为有限的数，且不能过大或过小。")
    exact = abs(Fraction(quantity) * unit_price_fen)
    fen = int(exact + Fraction(1, 2))
    if fen > MAX_FEN:
        raise MoneyError(_too_large("元"))
    return -fen if (quantity < 0) != (unit_price_fen < 0) else fen


def is_unit_mistake(first_fen: int, second_fen: int) -> bool:
    """Whether one amount is exactly 10,000 times the other: 元 typed where 万元 was asked."""
    if not first_fen or not second_fen:
        return False
    return first_fen == second_fen * UNIT_MISTAKE or second_fen == first_fen * UNIT_MISTAKE
