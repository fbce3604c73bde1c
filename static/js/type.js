// 大字版: [data-type-switch] scales the page and remembers the choice in this browser.
const KEY = "minggou.type";
const root = document.documentElement;

function read() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function apply(type, button) {
  root.dataset.type = type;
  button.setAttribute("aria-pressed", String(type === "large"));
}

document.querySelectorAll("[data-type-switch]").forEach((button) => {
  button.hidden = false;
  apply(read() ?? root.dataset.type ?? "normal", button);
  button.addEventListener("click", () => {
    const type = root.dataset.type === "large" ? "normal" : "large";
    apply(type, button);
    try {
      localStorage.setItem(KEY, type);
    } catch {
      // Storage may be forbidden; the choice then lasts for this page.
    }
  });
});
