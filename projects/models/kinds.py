"""项目的几种分类：路径、特定目标类、服务性质、拟采用的采购方式。"""

from __future__ import annotations

from django.db import models


class ProjectKind(models.TextChoices):
    """路径：服务采购走满七个环节；补助是转移支付；小额采购从简。"""

    SERVICE = "service", "服务采购"
    SMALL = "small", "小额采购"
    SUBSIDY = "subsidy", "补助"


class Programme(models.TextChoices):
    """特定目标类项目资金的四类（《平湖办法》第七条）；空为不属特定目标类。"""

    NONE = "", "不属特定目标类"
    INFORMATION = "information", "信息化项目"
    CLOUD = "cloud", "政务云项目"
    SMART_CITY = "smart_city", "数智城市建设项目"
    TOWNSHIP_SUBSIDY = "township_subsidy", "镇街道便民服务中心补助项目"


class ServiceNature(models.TextChoices):
    DUTY = "duty", "政府履职所需"
    PUBLIC = "public", "向社会公众提供"


class ProcurementMethod(models.TextChoices):
    """拟采用的采购方式；询价法定只适用于货物，不在其列（RULEBOOK 0-4）。"""

    OPEN = "open", "公开招标"
    INVITED = "invited", "邀请招标"
    NEGOTIATION = "negotiation", "竞争性谈判"
    CONSULTATION = "consultation", "竞争性磋商"
    SINGLE_SOURCE = "single_source", "单一来源"
    FRAMEWORK = "framework", "框架协议"
    OWN = "own", "限额以下自行采购"
