"""认出并遮盖将要公开的文本中的个人号码：身份证件、手机、座机、银行账号、电子邮箱。

不碰数据库，也不知道公告；加了空格、短横、全角或者零宽字符的，照样认得。
"""

from disclosure.masking.finding import EMAIL, Found, dwellings, find, mask
from disclosure.masking.numbers import ACCOUNT, IDENTITY, LANDLINE, MOBILE

__all__ = [
    "ACCOUNT",
    "EMAIL",
    "IDENTITY",
    "LANDLINE",
    "MOBILE",
    "Found",
    "dwellings",
    "find",
    "mask",
]
