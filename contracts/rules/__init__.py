"""合同、履约、付款、补助的法定条件：每条一个纯函数，注明条款。"""

from contracts.rules import closing, delivery, filing, payment, standing, subsidy, terms

__all__ = ["closing", "delivery", "filing", "payment", "standing", "subsidy", "terms"]
