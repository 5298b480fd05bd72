/* Every act of the desk leaves through `send`: once, with a token, and through a queue that waits where there is no net.
   The forms work without this script, too; then the browser sends them. */
const WAITING = "einklang.desk.waiting";
const SHOWN = 8000;

class Queue {
  read() { return JSON.parse(localStorage.getItem(WAITING) ?? "[]"); }
  write(acts) { localStorage.setItem(WAITING, JSON.stringify(acts)); this.tell(); }
  add(act) { this.write([...this.read(), act]); }
  tell(text) {
    const line = document.querySelector("[data-sync]");
    const words = line?.querySelector("span");
    if (!words) return;
    const count = this.read().length;
    line.hidden = !count && !text;
    words.textContent = text ?? words.dataset.waiting.replace("{n}", count);
  }
  /* In the order in which they were done; what the server refuses is not tried again. */
  async drain() {
    let refused = false;
    while (this.read().length) {
      const [act, ...rest] = this.read();
      const answer = await post(act).catch(() => null);
      if (!answer) break;
      refused ||= !took(answer);
      this.write(rest);
    }
    if (refused) this.tell(document.querySelector("[data-sync] span").dataset.refused);
  }
}

const queue = new Queue();
const took = (answer) => answer.type === "opaqueredirect" || answer.ok;
const csrf = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";

function post({ address, fields }) {
  const body = new URLSearchParams([...fields, ["csrfmiddlewaretoken", csrf()]]);
  return fetch(address, { method: "POST", body, redirect: "manual", headers: { "X-CSRFToken": csrf() } });
}

async function send(form, submitter) {
  if (form.dataset.busy) return;
  form.dataset.busy = "yes";
  submitter?.setAttribute("aria-busy", "true");
  const sent = new FormData(form, submitter);
  sent.delete("csrfmiddlewaretoken");
  if (!sent.has("token")) sent.append("token", crypto.randomUUID());
  const act = { address: form.action, fields: [...sent] };
  try {
    const answer = await post(act);
    if (took(answer)) location.reload();
    else form.submit();
  } catch {
    queue.add(act);
    form.closest("li, .told, section")?.setAttribute("data-waiting", "");
  }
}

addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("[data-act]")) {
    event.preventDefault();
    send(form, event.submitter);
  } else if (form.matches("[data-once]")) {
    if (form.dataset.busy) event.preventDefault();
    form.dataset.busy = "yes";
  }
});
addEventListener("pageshow", () => document.querySelectorAll("[data-busy]").forEach((form) => delete form.dataset.busy));
addEventListener("online", () => queue.drain());
queue.tell();
queue.drain();

/* The toast stays eight seconds, and as long as somebody is on it. */
const toast = document.querySelector("[data-toast]");
if (toast) {
  let timer = 0;
  const stay = () => clearTimeout(timer);
  const leave = () => { stay(); timer = setTimeout(() => { toast.hidden = true; }, SHOWN); };
  for (const name of ["focusin", "pointerenter"]) toast.addEventListener(name, stay);
  for (const name of ["focusout", "pointerleave"]) toast.addEventListener(name, leave);
  leave();
}

/* One menu open at a time, and Escape closes it. */
addEventListener("keydown", (event) => {
  const open = document.querySelector("details.choose[open]");
  if (event.key === "Escape" && open) {
    open.open = false;
    open.querySelector("summary").focus();
  }
});

/* A report keeps itself: on the server, and on this device as long as the server does not answer. */
const report = document.querySelector("[data-draft]");
if (report) {
  const place = `einklang.desk.draft ${report.dataset.draft}`;
  const line = document.querySelector("[data-kept]");
  const version = report.elements.version;
  let timer = 0;
  let keeping = Promise.resolve();
  const fields = () => [...new FormData(report)].filter(([name]) => !["csrfmiddlewaretoken", "version"].includes(name));
  const keep = async () => {
    const said = fields();
    sessionStorage.setItem(place, JSON.stringify(said));
    try {
      const answer = await post({ address: report.dataset.draft, fields: [...said, ["version", version.value || "0"]] });
      const told = answer.ok || answer.status === 409 ? await answer.json() : {};
      if (answer.ok) {
        version.value = told.version;
        sessionStorage.removeItem(place);
        const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
        line.textContent = line.dataset.kept.replace("{time}", time);
      } else line.textContent = told.told ?? line.dataset.lost;
    } catch {
      line.textContent = line.dataset.lost;
    }
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(() => { keeping = keeping.then(keep); }, 600);
  };
  const restore = (said) => {
    for (const control of report.elements) {
      if (!control.name || control.type === "hidden") continue;
      const values = said.filter(([name]) => name === control.name).map(([, value]) => value);
      if (["checkbox", "radio"].includes(control.type)) control.checked = values.includes(control.value);
      else if (values.length) [control.value] = values;
    }
  };
  const left = sessionStorage.getItem(place);
  if (left) { restore(JSON.parse(left)); later(); }
  report.addEventListener("input", later);
  report.addEventListener("submit", () => { clearTimeout(timer); sessionStorage.removeItem(place); });
}
