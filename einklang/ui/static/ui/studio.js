/* Comfort of the studio. Every page works without it. */
const search = document.querySelector("#jump");
addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && search) { event.preventDefault(); search.focus(); search.select(); }
  if (event.key === "Escape") fold(null);
});

/* One open panel at a time; a click elsewhere closes it. */
const panels = [...document.querySelectorAll("details.drop")];
function fold(except) {
  for (const panel of panels) {
    if (panel === except || !panel.open) continue;
    const inside = panel.contains(document.activeElement);
    panel.open = false;
    if (inside) panel.querySelector("summary").focus();
  }
}
for (const panel of panels) panel.addEventListener("toggle", () => { if (panel.open) fold(panel); });
addEventListener("click", (event) => { if (!event.target.closest("details.drop")) fold(null); });

/* List and detail: arrow keys go from row to row, enter opens. */
for (const list of document.querySelectorAll("[data-arrows]")) {
  list.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const links = [...list.querySelectorAll("tbody a[data-open]")];
    const at = links.indexOf(document.activeElement);
    if (!step || at < 0) return;
    event.preventDefault();
    links[at + step]?.focus();
  });
}

/* The whole batch at once. */
for (const all of document.querySelectorAll("input[data-all]")) {
  all.hidden = false;
  all.addEventListener("change", () => {
    for (const box of all.form.querySelectorAll(`input[name="${all.dataset.all}"]`)) box.checked = all.checked;
  });
}

/* A toast leaves after 8 seconds, unless somebody is at it. */
const toast = document.querySelector("[data-toast]");
if (toast) {
  let left = 8000;
  const tick = 250;
  const timer = setInterval(() => {
    if (toast.matches(":hover, :focus-within")) return;
    left -= tick;
    if (left <= 0) { clearInterval(timer); toast.remove(); }
  }, tick);
}

/* A form that is on its way is not sent twice. */
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    addEventListener("pageshow", () => delete form.dataset.sent, { once: true });
  });
}

/* Copying is offered where the browser lets us. */
for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.querySelector(button.dataset.copy).value);
    button.querySelector("span").textContent = button.dataset.copied;
  });
}
