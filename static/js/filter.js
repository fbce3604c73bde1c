// input[data-filter-for="<id>"] narrows the rows of that table to those containing what is typed.
function bind(input) {
  const body = document.querySelector(`#${CSS.escape(input.dataset.filterFor)} tbody`);
  const rows = body.querySelectorAll("tr:not(.total)");
  const live = document.querySelector(`[data-filter-live="${CSS.escape(input.dataset.filterFor)}"]`);
  input.closest("[hidden]")?.removeAttribute("hidden");
  input.addEventListener("input", () => {
    const words = input.value.trim().toLowerCase().split(/\s+/);
    rows.forEach((row) => {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
    });
    // A sum of all rows under some of them would mislead.
    body.querySelectorAll("tr.total").forEach((row) => {
      row.hidden = Boolean(input.value.trim());
    });
    const shown = [...rows].filter((row) => !row.hidden).length;
    if (live) live.textContent = `显示 ${shown} / ${rows.length} 行`;
  });
}

document.querySelectorAll("input[data-filter-for]").forEach(bind);
