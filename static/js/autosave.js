// A form with data-autosave-url sends what is typed as a draft and says whether it is saved.
// The state stands in [data-save-state] inside the form. Files are never part of a draft.
const PAUSE = 1500;
const WORDS = {
  unsaved: "未保存",
  saving: "正在保存草稿…",
  failed: "草稿未能保存；所填内容仍在本页，请勿关闭，稍后自动再试",
  conflict: "草稿未保存：另一窗口或另一人已保存较新的草稿，请另行留存本页内容后刷新",
  refused: "草稿没有保存：其中有不得存入本系统的内容，请删去后再填",
  gone: "草稿未保存：登录已失效；所填内容仍在本页，请在新窗口登录后继续填写",
};
const STATE_OF_STATUS = { 401: "gone", 403: "gone", 409: "conflict", 422: "refused" };

function draftOf(form) {
  const data = new FormData(form);
  [...data].forEach(([name, value]) => value instanceof File && data.delete(name));
  return data;
}

function bind(form) {
  const place = form.querySelector("[data-save-state]");
  let timer = 0;
  let changes = 0;
  let isLeaving = false;
  let state = "saved";

  function show(next, words = WORDS[next]) {
    state = next;
    if (!place) return;
    place.dataset.state = next;
    place.textContent = words;
  }

  async function post() {
    const data = draftOf(form);
    const answer = await fetch(form.dataset.autosaveUrl, {
      method: "POST",
      body: data,
      headers: { "X-CSRFToken": data.get("csrfmiddlewaretoken"), Accept: "application/json" },
      credentials: "same-origin",
      redirect: "manual",
    });
    if (answer.type === "opaqueredirect") return "gone";
    return answer.ok ? "saved" : STATE_OF_STATUS[answer.status] ?? "failed";
  }

  async function save() {
    clearTimeout(timer);
    if (isLeaving || state !== "unsaved") return;
    const sent = changes;
    show("saving");
    const outcome = await post().catch(() => "failed");
    if (changes !== sent) return touch();
    const time = new Date().toTimeString().slice(0, 5);
    if (outcome === "saved") return show("saved", `草稿已保存 ${time}`);
    show(outcome);
    if (outcome === "failed") timer = setTimeout(touch, PAUSE * 10);
  }

  function touch() {
    changes += 1;
    show("unsaved");
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  }

  form.addEventListener("input", touch);
  form.addEventListener("rows:change", touch);
  document.addEventListener("visibilitychange", () => document.hidden && save());
  document.addEventListener("submit", (event) => {
    isLeaving = event.target === form && !event.defaultPrevented;
  });
  window.addEventListener("beforeunload", (event) => {
    if (!isLeaving && state !== "saved") event.preventDefault();
  });
}

document.querySelectorAll("form[data-autosave-url]").forEach(bind);
