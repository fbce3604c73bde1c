"""The invented providers of the demonstration."""

from __future__ import annotations

from datetime import date

from config.demo.purchasing import provider
from config.demo.telling import Telling
from procurement.models import Provider
from procurement.services import (
    close_provider,
    debar_provider,
)

Names = dict[str, Provider]


def providers(t: Telling) -> Names:
    """Six invented providers: four able, one debarred, one closed."""
    on = date(2025, 1, 10)
    able = ("明川信息技术有限公司", "远桥科技有限公司", "云栈数据服务有限公司", "鼎信软件有限公司")
    found = {name[:4]: provider(t, name, n, on) for n, name in enumerate(able, 1)}
    found["新启系统"] = provider(t, "新启系统集成有限公司", 5, on, conditions=3)
    found["捷讯网络"] = barred = provider(t, "捷讯网络科技有限公司", 6, on)
    found["旧川信息"] = gone = provider(t, "旧川信息服务部", 7, on, conditions=1)
    debar_provider(
        barred,
        authority="区财政局",
        decision_number="示财罚〔2025〕3号",
        decided_on=date(2025, 6, 1),
        grounds="以虚假业绩材料参加采购，冒领财政资金 4.2 万元。",
        since=date(2025, 6, 1),
        until=date(2027, 5, 31),
        **t.finance().acts(date(2025, 6, 3)),
    )
    centre = t.actor("交易中心", "trading_centre")
    close_provider(gone, note="已注销登记。", **centre.acts(date(2025, 9, 1)))
    return found
