"""评估的法定条件；导入即登记。"""

from performance.rules import evaluation, indicators, link, self_evaluation

__all__ = ["evaluation", "indicators", "link", "self_evaluation"]
