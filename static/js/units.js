// Radio buttons [data-unit-switch] name the unit amounts are typed in; every [data-unit-word] of the form says it.
document.addEventListener("change", (event) => {
  const { target } = event;
  if (!target.matches?.("[data-unit-switch]")) return;
  target.form.querySelectorAll("[data-unit-word]").forEach((place) => {
    place.textContent = target.value;
  });
});
