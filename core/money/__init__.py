"""Money: integer 分 inside, 元 and 万元 at the edges, exact everywhere."""

from core.money.amounts import (
    MAX_FEN,
    MoneyError,
    Unit,
    allocate,
    capital,
    format_wanyuan,
    format_yuan,
    is_capital,
    is_unit_mistake,
    multiply,
    parse_amount,
)
from core.money.forms import AmountField, AmountInput

__all__ = [
    "MAX_FEN",
    "AmountField",
    "AmountInput",
    "MoneyError",
    "Unit",
    "allocate",
    "capital",
    "format_wanyuan",
    "format_yuan",
    "is_capital",
    "is_unit_mistake",
    "multiply",
    "parse_amount",
]
