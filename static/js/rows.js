// Rows of a Django formset inside [data-rows="<prefix>"]: a <template> holds the empty row,
// [data-rows-body] the rows, [data-rows-add] adds one, [data-row-remove] marks one deleted.
// A removed row stays in the form, hidden, with DELETE ticked: indices never shift. The formset needs can_delete.
function announce(block, words) {
  const place = block.querySelector("[data-rows-live]");
  if (place) place.textContent = words;
  block.dispatchEvent(new CustomEvent("rows:change", { bubbles: true }));
}

function bind(block) {
  const prefix = block.dataset.rows;
  const total = block.querySelector(`[name="${prefix}-TOTAL_FORMS"]`);
  const most = Number(block.querySelector(`[name="${prefix}-MAX_NUM_FORMS"]`)?.value || 1000);
  const body = block.querySelector("[data-rows-body]");
  const blank = block.querySelector("template");
  const adder = block.querySelector("[data-rows-add]");

  function add() {
    const index = Number(total.value);
    if (index >= most) return announce(block, `最多 ${most} 行`);
    const holder = document.createElement("template");
    holder.innerHTML = blank.innerHTML.replaceAll("__prefix__", String(index));
    body.append(holder.content);
    total.value = String(index + 1);
    body.lastElementChild.querySelector("input:not([type=hidden]), select, textarea")?.focus();
    announce(block, "已增加一行");
  }

  function remove(row) {
    const mark = row.querySelector('[name$="-DELETE"]');
    if (!mark) return;
    mark.checked = true;
    row.hidden = true;
    row.querySelectorAll("[required]").forEach((input) => input.removeAttribute("required"));
    adder?.focus();
    announce(block, "已删除一行");
  }

  // A page sent back with errors keeps its removed rows removed.
  body.querySelectorAll('[name$="-DELETE"]:checked').forEach((mark) => {
    mark.closest("[data-row]").hidden = true;
  });
  block.addEventListener("click", (event) => {
    const button = event.target.closest("[data-row-remove]");
    if (button) remove(button.closest("[data-row]"));
  });
  // A fixed table offers no rows to add.
  if (adder) {
    adder.addEventListener("click", add);
    adder.hidden = false;
  }
  block.dataset.rowsReady = "";
}

document.querySelectorAll("[data-rows]").forEach(bind);
