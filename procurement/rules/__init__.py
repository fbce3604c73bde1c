"""采购的法定条件：每条一个纯函数，注明条款。"""

from procurement.rules import bids, preparation, provider

__all__ = ["bids", "preparation", "provider"]
