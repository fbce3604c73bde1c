// The filing form's weight: total, unit, programme, path, item and ticks decide which sections ([data-when]) open.
// The limits stand on the form as data-, in 分; the server decides again. Opening only: what the clerk opened stays so.
const AMOUNT = /^(\d{1,3}(,\d{3})+|\d+)(\.\d+)?$/;
const LABELS = { small: "小额", normal: "一般", key: "重点" };
const TICKS = {
  commerce: "is_partly_commercial",
  full: "is_full_purchase",
  transfer: "is_function_transfer",
  pilot: "is_pilot",
};

const words = (text) => (text ?? "").split(" ").filter(Boolean);

function totalOf(form) {
  const text = form.elements.total.value.trim();
  if (!AMOUNT.test(text)) return null;
  const factor = form.elements.unit.value === "万元" ? 1e6 : 100;
  return Math.round(Number(text.replaceAll(",", "")) * factor);
}

function weightOf(form) {
  const total = totalOf(form);
  const programme = form.elements.programme.value;
  const { smallBelow, keyFrom, keyProgrammes } = form.dataset;
  if (words(keyProgrammes).includes(programme)) return "key";
  if (total === null) return "normal";
  if (total >= Number(keyFrom)) return "key";
  return total < Number(smallBelow) && !programme ? "small" : "normal";
}

function isReviewed(form) {
  const programme = form.elements.programme.value;
  if (programme) return words(form.dataset.reviewedProgrammes).includes(programme);
  const item = form.elements.catalogue_item;
  const code = item.selectedOptions[0]?.textContent.trim() ?? "";
  return words(form.dataset.newSystemPrefixes).some((prefix) => code.startsWith(prefix));
}

function standing(form) {
  const weight = weightOf(form);
  const programme = form.elements.programme.value;
  const holds = {
    planned: weight !== "small" && form.elements.kind.value !== "subsidy",
    programme: Boolean(programme),
    studied: Boolean(programme) || weight === "key",
    reviewed: isReviewed(form),
    key: weight === "key",
  };
  for (const [when, name] of Object.entries(TICKS)) holds[when] = form.elements[name].checked;
  return { weight, holds };
}

function bind(form) {
  function show() {
    const { weight, holds } = standing(form);
    const word = form.querySelector("[data-weight-word]");
    if (word) word.textContent = LABELS[weight];
    form.querySelectorAll("[data-when]").forEach((section) => {
      const isWanted = words(section.dataset.when).some((when) => holds[when]);
      if (isWanted) section.open = true;
      section.querySelector("[data-when-word]").textContent = isWanted
        ? "本项目须核对"
        : "按现在所填，本节不必填";
    });
  }
  form.addEventListener("change", show);
}

document.querySelectorAll("form[data-key-from]").forEach(bind);
