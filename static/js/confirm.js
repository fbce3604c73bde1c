// data-confirm="问题" on a form or its button asks in a native dialog before sending.
// data-confirm-title and data-confirm-label name the heading and the confirming button.
function element(name, text, attributes = {}) {
  const made = document.createElement(name);
  made.textContent = text;
  Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
  return made;
}

function ask({ confirm, confirmTitle = "请确认", confirmLabel = "确认" }) {
  const dialog = element("dialog", "", { "aria-labelledby": "confirm-title" });
  const form = element("form", "", { method: "dialog" });
  const row = element("p", "", { class: "button-row" });
  row.append(
    element("button", confirmLabel, { class: "btn btn-primary", value: "yes" }),
    element("button", "返回", { class: "btn btn-secondary", value: "", autofocus: "" }),
  );
  form.append(element("h2", confirmTitle, { id: "confirm-title" }), element("p", confirm), row);
  dialog.append(form);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}

// Capture: before once.js puts the buttons to rest.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  const asking = [event.submitter, form].find((place) => place?.dataset.confirm);
  if (!asking || form.dataset.confirmed) {
    delete form.dataset.confirmed;
    return;
  }
  const { submitter } = event;
  event.preventDefault();
  if (!(await ask(asking.dataset))) {
    submitter?.focus();
    return;
  }
  form.dataset.confirmed = "1";
  form.requestSubmit(submitter);
}, true);
