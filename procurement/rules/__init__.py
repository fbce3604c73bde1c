"""采购的法定条件：每条一个纯函数，注明条款。"""

from procurement.rules import award, bids, mode, preparation, provider

__all__ = ["award", "bids", "mode", "preparation", "provider"]
