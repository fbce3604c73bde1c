// A table to type or paste into. The text of [data-grid-text] (cells parted by tabs, the first line the headings) is
// what is sent; the table only shows and changes it. One field moves from cell to cell and keeps the focus, so that
// input methods work: empty and unseen while moving, visible while a cell is being written.
const MOST_UNDO = 200;
const SPARE = 3;
const SECRET = "涉及国家安全或保密事项的项目不得在本系统填写：这一格没有记下，请删去该项目的全部内容";

export function parse(text) {
  const rows = [[""]];
  let quoted = false;
  const source = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  for (let at = 0; at < source.length; at += 1) {
    const mark = source[at];
    const row = rows[rows.length - 1];
    if (quoted && mark === '"' && source[at + 1] === '"') { row[row.length - 1] += '"'; at += 1; }
    else if (quoted && mark === '"') quoted = false;
    else if (!quoted && mark === '"' && row[row.length - 1] === "") quoted = true;
    else if (!quoted && mark === "\t") row.push("");
    else if (!quoted && mark === "\n") rows.push([""]);
    else row[row.length - 1] += mark;
  }
  return rows;
}

export function written(rows) {
  const cell = (text) => (/["\t\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return rows.map((row) => row.map(cell).join("\t")).join("\n");
}

const plain = (text) => text.normalize("NFKC").replace(/\s+|\*/g, "");
const isBlank = (row) => row.every((cell) => !cell.trim());

class Grid {
  constructor(section) {
    this.section = section;
    this.source = section.querySelector("[data-grid-text]");
    this.scroll = section.querySelector("[data-grid-scroll]");
    this.table = section.querySelector("table");
    this.body = this.table.tBodies[0];
    this.hasFixedRows = "fixed" in section.dataset;
    this.say = section.querySelector("[data-grid-say]");
    this.columns = [...this.table.tHead.querySelectorAll("[data-name]")].map((th) => ({ ...th.dataset }));
    this.name = section.querySelector("h2").textContent;
    const [, ...rows] = parse(this.source.value);
    this.rows = rows.map((row) => this.fitted(row));
    this.errors = new Map();
    this.undone = [];
    this.at = [0, 0];
    this.from = [0, 0];
    this.notice = "";
    this.base = this.keyed(parse(section.querySelector("[data-grid-base]").value).slice(1));
    this.fill();
    this.makeEditors();
    this.draw();
    this.bind();
    this.source.hidden = true;
    this.scroll.hidden = false;
    section.querySelector("[data-grid-tools]").hidden = false;
  }

  // --- What there is ---------------------------------------------------------------------------

  fitted(row) {
    return this.columns.map((_, index) => row[index] ?? "");
  }

  fill() {
    if (this.hasFixedRows) return;
    while (this.rows.length < SPARE || !isBlank(this.rows[this.rows.length - 1])) this.rows.push(this.fitted([]));
  }

  // Rows by serial number and their place among those of the same serial.
  keyed(rows) {
    const found = new Map();
    const seen = new Map();
    rows.forEach((row) => {
      const nth = seen.get(row[0]) ?? 0;
      seen.set(row[0], nth + 1);
      if (row[0]) found.set(`${row[0]}\t${nth}`, row);
    });
    return found;
  }

  index(name) {
    return this.columns.findIndex((column) => column.name === name);
  }

  isLocked(row) {
    const stage = this.index("stage");
    return stage >= 0 && this.rows[row][stage] !== "" && this.rows[row][stage] !== "申报";
  }

  isFixed(row, column) {
    return this.columns[column].kind === "info" || this.isLocked(row);
  }

  // --- What is shown ---------------------------------------------------------------------------

  draw() {
    const seen = new Map();
    const fragment = document.createDocumentFragment();
    this.rows.forEach((row, at) => fragment.append(this.drawRow(row, at, seen)));
    this.body.replaceChildren(fragment);
    this.place();
  }

  drawRow(row, at, seen) {
    const line = document.createElement("tr");
    const head = document.createElement("th");
    head.scope = "row";
    head.textContent = String(at + 2);
    line.append(head);
    const nth = seen.get(row[0]) ?? 0;
    seen.set(row[0], nth + 1);
    const base = this.base.get(`${row[0]}\t${nth}`);
    row.forEach((text, column) => line.append(this.drawCell(text, at, column, base)));
    if (this.isLocked(at)) line.className = "is-locked";
    return line;
  }

  drawCell(text, row, column, base) {
    const cell = document.createElement("td");
    const about = this.columns[column];
    cell.setAttribute("role", "gridcell");
    cell.textContent = text;
    if ("wide" in about) cell.classList.add("is-wide");
    if (about.kind === "money" || about.kind === "number") cell.classList.add("number");
    if (this.isFixed(row, column)) cell.setAttribute("aria-readonly", "true");
    const said = this.errors.get(`${row}\t${column}`);
    if (said) {
      cell.classList.add("is-wrong");
      cell.setAttribute("aria-invalid", "true");
      cell.title = said;
    } else if (base && !("key" in about) && !same(base[column] ?? "", text)) {
      cell.classList.add("is-changed");
      cell.title = `原来是：${base[column] || "（空）"}`;
    }
    return cell;
  }

  cell([row, column]) {
    return this.body.rows[row]?.cells[column + 1];
  }

  // --- Moving ----------------------------------------------------------------------------------

  makeEditors() {
    const make = (tag) => {
      const field = document.createElement(tag);
      field.className = "grid-editor";
      field.autocomplete = "off";
      field.spellcheck = false;
      if (tag === "textarea") field.rows = 1;
      return field;
    };
    this.input = make("input");
    this.area = make("textarea");
    this.editor = this.area;
    this.isWriting = false;
  }

  place() {
    const [row, column] = this.at;
    const about = this.columns[column];
    const next = about.list || about.kind === "money" || about.kind === "number" ? this.input : this.area;
    if (this.editor !== next) this.editor.remove();
    this.editor = next;
    next.value = "";
    if (about.list) next.setAttribute("list", about.list);
    else next.removeAttribute("list");
    this.isWriting = false;
    next.classList.remove("is-writing");
    const said = this.errors.get(`${row}\t${column}`);
    const title = this.cell(this.at)?.title ?? "";
    const where = `${this.name}第 ${row + 2} 行 ${about.title}`;
    next.setAttribute("aria-label", `${where}：${this.rows[row][column] || "空"}${title ? `。${title}` : ""}`);
    next.toggleAttribute("aria-invalid", Boolean(said));
    next.readOnly = this.isFixed(row, column);
    this.cell(this.at)?.append(next);
    this.body.querySelectorAll(".is-picked").forEach((cell) => cell.classList.remove("is-picked"));
    this.each((cell) => cell.classList.add("is-picked"));
    const locked = this.isLocked(row) ? "已提交的项目不能在这里改。" : title;
    this.say.textContent = this.notice || (said ? `${about.title}：${said}` : locked);
    this.notice = "";
  }

  // Every cell picked, row by row.
  each(act) {
    this.from = [Math.min(this.from[0], this.rows.length - 1), this.from[1]];
    const [top, bottom] = [this.at[0], this.from[0]].sort((a, b) => a - b);
    const [left, right] = [this.at[1], this.from[1]].sort((a, b) => a - b);
    for (let row = top; row <= bottom; row += 1) {
      for (let column = left; column <= right; column += 1) act(this.cell([row, column]), row, column);
    }
  }

  go(row, column, keeps = false) {
    this.at = [
      Math.max(0, Math.min(this.rows.length - 1, row)),
      Math.max(0, Math.min(this.columns.length - 1, column)),
    ];
    if (!keeps) this.from = [...this.at];
    this.from[0] = Math.min(this.from[0], this.rows.length - 1);
    this.place();
    this.editor.focus({ preventScroll: true });
    this.reveal();
  }

  // Never under the number of the row or the heading, which stay where they are.
  reveal() {
    const cell = this.cell(this.at);
    const box = this.scroll.getBoundingClientRect();
    const own = cell.getBoundingClientRect();
    const head = this.table.tHead.getBoundingClientRect().height;
    const first = this.body.rows[0].cells;
    const number = first[0].offsetWidth + (this.at[1] > 0 ? first[1].offsetWidth : 0);
    if (own.top < box.top + head) this.scroll.scrollTop -= box.top + head - own.top;
    if (own.bottom > box.bottom) this.scroll.scrollTop += own.bottom - box.bottom;
    if (this.at[1] === 0) this.scroll.scrollLeft = 0;
    else if (own.left < box.left + number) this.scroll.scrollLeft -= box.left + number - own.left;
    if (own.right > box.right) this.scroll.scrollLeft += own.right - box.right;
  }

  // --- Writing ---------------------------------------------------------------------------------

  write(start) {
    const [row, column] = this.at;
    if (this.isFixed(row, column)) return;
    this.isWriting = true;
    this.editor.classList.add("is-writing");
    if (start === "keep") {
      this.editor.value = this.rows[row][column];
      this.editor.setSelectionRange(this.editor.value.length, this.editor.value.length);
    }
  }

  keep() {
    if (!this.isWriting) return;
    const [row, column] = this.at;
    const text = this.editor.value;
    this.isWriting = false;
    this.change([[row, column, text]]);
  }

  // The one way anything changes: [[row, column, text], …]; rows are added where the block is longer.
  change(cells) {
    const before = this.rows.map((row) => [...row]);
    let refused = 0;
    let secret = false;
    cells.forEach(([row, column, text]) => {
      if (column >= this.columns.length || (this.hasFixedRows && row >= this.rows.length)) { refused += 1; return; }
      while (this.rows.length <= row) this.rows.push(this.fitted([]));
      if (this.isFixed(row, column)) { refused += this.rows[row][column] !== text; return; }
      if ("secret" in this.columns[column] && /^(是|有|涉及|√|y|yes|true|1)$/i.test(text.trim())) { secret = true; return; }
      if (this.rows[row][column] !== text) this.errors.delete(`${row}\t${column}`);
      this.rows[row][column] = text;
    });
    this.settle(before);
    if (secret) this.notice = SECRET;
    else if (refused) this.notice = `有 ${refused} 格没有填入：超出了表格，或是不能改的格。`;
    if (this.notice) this.say.textContent = this.notice;
  }

  settle(before) {
    if (before) {
      this.undone.push(before);
      if (this.undone.length > MOST_UNDO) this.undone.shift();
    }
    this.fill();
    const kept = this.rows.slice(0, this.rows.findLastIndex((row) => !isBlank(row)) + 1);
    this.source.value = `${written([this.columns.map((column) => column.title), ...kept])}\n`;
    this.source.dispatchEvent(new Event("input", { bubbles: true }));
    const left = this.scroll.scrollLeft;
    const top = this.scroll.scrollTop;
    this.draw();
    this.scroll.scrollTo(left, top);
  }

  undo() {
    const before = this.undone.pop();
    if (!before) { this.say.textContent = "没有可以撤消的。"; return; }
    this.rows = before;
    this.errors.clear();
    this.notice = "已撤消。";
    this.from = [0, 0];
    this.at = [Math.min(this.at[0], this.rows.length - 1), this.at[1]];
    this.settle(null);
    this.notice = "已撤消。";
    this.go(...this.at);
  }

  insert() {
    this.shiftErrors(this.at[0] + 1, 1);
    const before = this.rows.map((row) => [...row]);
    this.rows.splice(this.at[0] + 1, 0, this.fitted([]));
    this.settle(before);
    this.go(this.at[0] + 1, 0);
  }

  remove() {
    const [row] = this.at;
    if (this.isLocked(row)) { this.say.textContent = "已提交的项目不能在这里删。"; return; }
    const before = this.rows.map((each) => [...each]);
    this.shiftErrors(row, -1);
    this.rows.splice(row, 1);
    this.at = [Math.min(row, this.rows.length - 1), this.at[1]];
    this.from = [...this.at];
    this.settle(before);
    this.notice = "已从表格中删去这一行。计划里已填报的项目不会因此撤回。";
    this.go(row, this.at[1]);
  }

  shiftErrors(row, by) {
    const moved = new Map();
    this.errors.forEach((said, key) => {
      const [at, column] = key.split("\t").map(Number);
      if (by < 0 && at === row) return;
      moved.set(`${at >= row ? at + by : at}\t${column}`, said);
    });
    this.errors = moved;
  }

  // --- Clipboard -------------------------------------------------------------------------------

  copied() {
    const rows = new Map();
    this.each((_, row, column) => rows.set(row, [...(rows.get(row) ?? []), this.rows[row][column]]));
    return written([...rows.values()]);
  }

  paste(text) {
    let block = parse(text);
    const [row, column] = this.at;
    const known = new Map(this.columns.flatMap((each, index) => {
      const title = plain(each.title);
      return [[title, index], [title.replace(/\(元\)$/, ""), index]];
    }));
    const named = block[0].map((cell) => known.get(plain(cell)));
    const hasHead = block[0].length > 1 && named.every((index) => index !== undefined);
    if (hasHead) block = block.slice(1);
    const cells = block.flatMap((line, down) =>
      line.map((cell, right) => [row + down, hasHead ? named[right] : column + right, cell]));
    this.change(cells.filter(([, at]) => at !== undefined));
    const wide = Math.max(...block.map((line) => line.length), 1);
    if (!hasHead) this.from = [row + block.length - 1, Math.min(column + wide - 1, this.columns.length - 1)];
    this.notice ||= `已粘贴 ${block.length} 行。${hasHead ? "按列名对齐。" : ""}`;
    this.go(row, column, !hasHead);
  }

  clear() {
    const cells = [];
    this.each((_, row, column) => cells.push([row, column, ""]));
    this.change(cells);
    this.go(...this.at, true);
  }

  // --- Events ----------------------------------------------------------------------------------

  bind() {
    [this.input, this.area].forEach((field) => {
      field.addEventListener("input", (event) => {
        event.stopPropagation();
        if (!this.isWriting) this.write("fresh");
      });
      field.addEventListener("compositionstart", () => !this.isWriting && this.write("fresh"));
      field.addEventListener("keydown", (event) => this.key(event));
      field.addEventListener("paste", (event) => this.pasted(event));
      field.addEventListener("copy", (event) => this.copy(event));
      field.addEventListener("cut", (event) => { if (this.copy(event)) this.clear(); });
      field.addEventListener("blur", () => this.keep());
    });
    this.body.addEventListener("mousedown", (event) => this.pressed(event));
    this.body.addEventListener("mouseover", (event) => event.buttons === 1 && this.dragged(event));
    this.body.addEventListener("dblclick", () => !this.isWriting && this.write("keep"));
    const on = (name, act) => this.section.querySelector(name).addEventListener("click", act);
    on("[data-grid-insert]", () => this.insert());
    on("[data-grid-delete]", () => this.remove());
    on("[data-grid-more]", () => {
      const last = this.rows.length;
      for (let more = 0; more < 10; more += 1) this.rows.push(this.fitted([]));
      this.draw();
      this.go(last, 0);
    });
  }

  spot(event) {
    const cell = event.target.closest("td");
    return cell && [cell.parentElement.sectionRowIndex, cell.cellIndex - 1];
  }

  pressed(event) {
    if (event.target === this.editor && this.isWriting) return;
    const spot = this.spot(event);
    if (!spot) return;
    event.preventDefault();
    this.keep();
    this.go(...spot, event.shiftKey);
  }

  dragged(event) {
    const spot = this.spot(event);
    if (spot && !this.isWriting) this.go(...spot, true);
  }

  copy(event) {
    if (this.isWriting) return false;
    event.preventDefault();
    event.clipboardData.setData("text/plain", this.copied());
    this.say.textContent = "已复制。";
    return true;
  }

  pasted(event) {
    const text = event.clipboardData.getData("text/plain");
    if (this.isWriting && !/[\t\n\r]/.test(text)) return;
    event.preventDefault();
    this.isWriting = false;
    this.paste(text);
  }

  key(event) {
    if (event.isComposing || event.keyCode === 229) return;
    const act = this.isWriting ? this.keyWhileWriting(event) : this.keyWhileMoving(event);
    if (act) event.preventDefault();
  }

  keyWhileWriting(event) {
    const [row, column] = this.at;
    if (event.key === "Escape") { this.isWriting = false; this.go(row, column); return true; }
    if (event.key === "Enter" && event.altKey && this.editor === this.area) {
      this.area.setRangeText("\n", this.area.selectionStart, this.area.selectionEnd, "end");
      return true;
    }
    if (event.key === "Enter") { this.keep(); this.go(row + (event.shiftKey ? -1 : 1), column); return true; }
    if (event.key === "Tab") { this.keep(); this.go(row, column + (event.shiftKey ? -1 : 1)); return true; }
    return false;
  }

  keyWhileMoving(event) {
    const [row, column] = this.at;
    const isWide = event.ctrlKey || event.metaKey;
    const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], PageUp: [-10, 0], PageDown: [10, 0] };
    const step = steps[event.key];
    if (step) { this.go(row + step[0], column + step[1], event.shiftKey); return true; }
    if (event.key === "Home") { this.go(isWide ? 0 : row, 0, event.shiftKey); return true; }
    if (event.key === "End") { this.go(isWide ? this.rows.length - 1 : row, this.columns.length - 1, event.shiftKey); return true; }
    if (event.key === "Enter" || event.key === "F2") { this.write("keep"); return true; }
    if (event.key === "Delete" || event.key === "Backspace") { this.clear(); return true; }
    if (isWide && event.key.toLowerCase() === "z") { this.undo(); return true; }
    return false;
  }
}

// 1,200.00 and 1200 are the same amount.
function same(before, now) {
  if (before.trim() === now.trim()) return true;
  const number = (text) => Number(text.replaceAll(",", ""));
  return before.trim() !== "" && now.trim() !== "" && number(before) === number(now);
}

function showErrors(grids) {
  document.querySelectorAll("[data-grid-error]").forEach((item) => {
    const grid = grids.find((each) => each.name === item.dataset.sheet);
    const row = Number(item.dataset.row) - 1;
    if (!grid || item.dataset.row === "" || row < 0) return;
    const column = Number(item.dataset.column || 0);
    while (grid.rows.length <= row) grid.rows.push(grid.fitted([]));
    const key = `${row}\t${column}`;
    const said = item.querySelector("span").textContent;
    grid.errors.set(key, grid.errors.has(key) ? `${grid.errors.get(key)} ${said}` : said);
    const link = document.createElement("a");
    link.href = `#grid-title-${grid.section.dataset.grid}`;
    link.textContent = item.querySelector("strong").textContent;
    item.querySelector("strong").replaceChildren(link);
    link.addEventListener("click", (event) => {
      event.preventDefault();
      grid.section.scrollIntoView({ block: "start" });
      grid.go(row, column);
    });
  });
  grids.forEach((grid) => grid.draw());
}

const grids = [...document.querySelectorAll("[data-grid]")].map((section) => new Grid(section));
showErrors(grids);
document.querySelector(".grid-form")?.addEventListener("submit", () => grids.forEach((grid) => grid.keep()), true);
