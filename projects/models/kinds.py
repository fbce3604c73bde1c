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


class OpenData(models.TextChoices):
    """公共信息资源开放需求（《渝北办法》第四条第（四）项）；空为未答。"""

    NONE = "none", "没有开放需求"
    DEMAND = "demand", "有开放需求"


class StudyVerdict(models.TextChoices):
    """论证或者预审的结论。"""

    AGREED = "agreed", "可行（同意）"
    AMENDED = "amended", "修改后可行（修改后同意）"
    REFUSED = "refused", "不可行（不同意）"


class PilotOutcome(models.TextChoices):
    """试点结论（《渝北办法》第四条第（二）项“试点先行”）。"""

    EXTEND = "extend", "可以推广"
    AMEND = "amend", "调整后推广"
    STOP = "stop", "不再推广"


class Paper(models.TextChoices):
    """随申报上传的附件，按种类；每种以最近一份为准。"""

    CALCULATION = "calculation", "测算表"
    STUDY = "study", "可行性研究报告"
    PRE_REVIEW = "pre_review", "政务数据办预审意见"
    EVIDENCE = "evidence", "全额购买佐证材料"


class FormWeight(models.TextChoices):
    """填报表的分量：按金额和资金类别分层（《渝北办法》第四条第（三）项）。"""

    SMALL = "small", "小额"
    NORMAL = "normal", "一般"
    KEY = "key", "重点"
