"""Filling in walk A's filing, as a clerk would."""

from __future__ import annotations

NAME = "公共文化信息服务平台运维（二期）"
PAPER = {"name": "论证.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n%%EOF\n"}
LINES = (
    ("运维", "C16070300", "95000"),
    ("安全", "C16070400", "35000"),
    ("呼叫", "C16100000", "25000"),
)
INDICATORS = (
    ("output", "系统可用率", "ge", "99.5", "%", "40"),
    ("output", "故障响应时间", "le", "2", "小时", "20"),
    ("benefit", "年服务人次", "ge", "500000", "人次", "20"),
    ("satisfaction", "服务对象满意度", "ge", "90", "%", "20"),
)


def declare(visitor, **answers: str) -> None:
    """Answer the five exclusions of the purchaser's plan: 否, unless said otherwise."""
    visitor.open("/projects/plans/")
    visitor.follow("区文化和旅游发展委员会")
    visitor.page.click("main a:has-text('填报')")
    visitor.page.wait_for_load_state()
    for fieldset in visitor.page.locator("main fieldset").all():
        name = fieldset.locator("input[type=radio]").first.get_attribute("name") or ""
        wanted = "是" if answers.get(name.removeprefix("exclusion_")) == "yes" else "否"
        fieldset.get_by_label(wanted, exact=True).check()
    visitor.page.locator("main form button[type=submit]").first.click()
    visitor.page.wait_for_load_state()


def fill_filing(
    visitor, *, total: str, unit: str, name: str = NAME, code: str = "C16070300", lines=LINES
) -> None:
    """`lines`: content, item code, price in 元, quantity (twelve unless given)."""
    page = visitor.page
    page.fill("input[name=name]", name)
    page.select_option("select[name=service_nature]", "public")
    _choose(page, "select[name=catalogue_item]", code)
    page.fill("textarea[name=basis]", "区委、区政府公共文化数字化工作部署。")
    page.fill("textarea[name=need]", "保障平台全年稳定运行，服务全区读者与场馆。")
    page.fill("input[name=planning_item]", "公共文化数字化工程")
    page.select_option("select[name=open_data]", "none")
    page.check("input[name=is_market_suitable]")
    page.check("input[name=is_provider_capable]")
    for fieldset in page.locator("fieldset:has(input[name^=negative_])").all():
        fieldset.get_by_label("否", exact=True).check()
    page.check(f"input[name=unit][value={unit}]")
    page.fill("input[name=total]", total)
    for row, (content, item, price, *count) in enumerate(lines):
        page.fill(f"input[name=estimate-{row}-name]", content)
        _choose(page, f"select[name=estimate-{row}-catalogue_item]", item)
        page.fill(f"input[name=estimate-{row}-quantity]", count[0] if count else "12")
        page.fill(f"input[name=estimate-{row}-unit]", "月")
        page.fill(f"input[name=estimate-{row}-unit_price]", price)
    _choose(page, "select[name=funds-0-fund]", "部门预算")
    page.fill("input[name=funds-0-amount]", total)
    for row, values in enumerate(INDICATORS):
        _fill_indicator(page, row, values)
    page.select_option("select[name=proposed_method]", "consultation")
    if page.inner_text("[data-weight-word]") == "重点":
        _study(page)


def _study(page) -> None:
    """What a key project needs besides: the study that its own section made, and two papers."""
    page.fill("textarea[name=feasibility]", "必要性、可行性、效益和风险均已论证。")
    page.fill("input[name=feasibility_section]", "公共服务科　李建国")
    page.fill("input[name=feasibility_on]", "2026-02-26")
    page.select_option("select[name=feasibility_verdict]", "agreed")
    for paper in ("calculation", "study"):
        page.set_input_files(f"input[name=paper_{paper}]", PAPER)


def _fill_indicator(page, row: int, values: tuple[str, ...]) -> None:
    level, name, operator, value, unit, weight = values
    page.select_option(f"select[name=indicators-{row}-level]", level)
    page.fill(f"input[name=indicators-{row}-name]", name)
    page.select_option(f"select[name=indicators-{row}-operator]", operator)
    page.fill(f"input[name=indicators-{row}-value]", value)
    page.fill(f"input[name=indicators-{row}-unit]", unit)
    page.fill(f"input[name=indicators-{row}-weight]", weight)


def _choose(page, selector: str, text: str) -> None:
    option = page.locator(f"{selector} option", has_text=text).first
    page.select_option(selector, option.get_attribute("value"))
