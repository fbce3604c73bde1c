"""一串数字是什么号码，遮盖之后是什么样子。

遮盖只看号码本身的数字，与怎样书写无关，所以各页的残片拼不出原号：手机留前 3 后 4，
证件留前 6 后 4，账号留后 4，座机留区号和后 4。
"""

from __future__ import annotations

import re
from datetime import date

IDENTITY, MOBILE, LANDLINE, ACCOUNT = "身份证件号码", "手机号码", "座机号码", "银行账号"

# GB/T 2260 的省级代码，首位是大区。
PROVINCES = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")
WEIGHTS = tuple(pow(2, 17 - place, 11) for place in range(17))
AREA = r"(?:010|02\d|0[3-9]\d\d)"
MOBILE_NUMBER = re.compile(r"(?:0086|86)?(1[3-9]\d{9})")
LANDLINE_NUMBER = re.compile(rf"({AREA})([2-9]\d{{6,7}})")
LEAST, MOST = 12, 19  # 银行账号的位数


def kind_of(digits: str) -> str:
    """连写的一串数字是哪一种号码；都不是的为空。18 位证件的末位可以是 X。"""
    if is_identity(digits):
        return IDENTITY
    if MOBILE_NUMBER.fullmatch(digits):
        return MOBILE
    if LANDLINE_NUMBER.fullmatch(digits):
        return LANDLINE
    return ACCOUNT if len(digits) >= LEAST else ""


def is_identity(digits: str) -> bool:
    """行政区划和出生日期说得通的 18 位或者 15 位证件号码；校验位不符的也算，宁可多遮。"""
    if not PROVINCES.match(digits):
        return False
    if len(digits) == 18:
        return is_day(digits[6:14])
    return len(digits) == 15 and digits.isdigit() and is_day(f"19{digits[6:12]}")


def checks(digits: str) -> bool:
    """18 位证件号码的校验位是否相符（GB 11643）。"""
    total = sum(int(digit) * weight for digit, weight in zip(digits, WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == digits[17]


def is_day(text: str) -> bool:
    """八位数字是不是 1900—2099 年间的一天。"""
    if not ("1900" <= text[:4] <= "2099"):
        return False
    try:
        date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return False
    return True


def masked(digits: str, kind: str) -> str:
    """遮盖之后的样子，只由数字决定。"""
    last = digits[-4:]
    if kind == IDENTITY:
        return f"{digits[:6]}{'*' * (len(digits) - 10)}{last}"
    if kind == MOBILE:
        return f"{digits[-11:-8]}****{last}"
    if kind == LANDLINE and (found := LANDLINE_NUMBER.fullmatch(digits)):
        return f"{found[1]}-****{last}"
    return f"****{last}"
