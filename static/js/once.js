// A form with data-once is sent once: its buttons rest after the first click and say 正在提交.
const SENDING = "正在提交…";

function rest(button) {
  button.dataset.label = button.textContent;
  button.textContent = SENDING;
  button.disabled = true;
}

function wake(button) {
  if (button.dataset.label === undefined) return;
  button.textContent = button.dataset.label;
  button.disabled = false;
  delete button.dataset.label;
}

// Buttons outside the form may belong to it through form="…".
const buttonsOf = (form) => [...form.elements].filter((element) => element.type === "submit");

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.matches("[data-once]")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  form.setAttribute("aria-busy", "true");
  // After this turn: a disabled button would not send its own name and value.
  setTimeout(() => buttonsOf(form).forEach(rest));
});

// Back in the browser may show the page as it was left.
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  document.querySelectorAll("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
    buttonsOf(form).forEach(wake);
  });
});
