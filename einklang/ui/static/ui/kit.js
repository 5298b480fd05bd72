/* The server writes data-theme; without a stored choice only the browser knows what is shown, so it fills in the opposite. */
const root = document.documentElement;
for (const form of document.querySelectorAll("[data-theme-form]")) {
  form.addEventListener("submit", () => {
    form.elements.theme.value = shownDark() ? "light" : "dark";
  });
}
function shownDark() {
  return root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}
/* A form that came back with errors: the reader begins there. */
document.querySelector("[data-focus]")?.focus();
/* Paper is light. */
let before;
addEventListener("beforeprint", () => { before = root.dataset.theme; root.dataset.theme = "light"; });
addEventListener("afterprint", () => { if (before) root.dataset.theme = before; else delete root.dataset.theme; });
