"""统一社会信用代码（GB 32100-2015）的长度、字符和校验位。"""

from __future__ import annotations

import enum

CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = tuple(pow(3, place, 31) for place in range(17))


class CodeProblem(enum.Enum):
    """代码的毛病：不是 18 位规定字符，或者校验位不符。"""

    MALFORMED = "malformed"
    CHECK_DIGIT = "check_digit"


def check_digit(first: str) -> str:
    """前 17 位的校验字符。"""
    total = sum(CHARACTERS.index(c) * w for c, w in zip(first, WEIGHTS, strict=True))
    return CHARACTERS[(31 - total % 31) % 31]


def problem_of(code: str) -> CodeProblem | None:
    """代码的毛病；没有为 None。"""
    if len(code) != 18 or any(c not in CHARACTERS for c in code):
        return CodeProblem.MALFORMED
    return None if check_digit(code[:17]) == code[17] else CodeProblem.CHECK_DIGIT
