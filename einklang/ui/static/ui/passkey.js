/* The browser's passkey in a hidden field of a plain form. Bytes travel as base64url, in both directions.
   Where a form can be sent in another way, too, only its button `data-by-passkey` asks for the passkey. */
const form = document.querySelector("[data-passkey]");
const options = JSON.parse(document.getElementById("passkey-options")?.textContent ?? "{}");

/* Before others hear of it: the form is not on its way yet. */
form?.addEventListener("submit", async (event) => {
  const field = form.elements.credential;
  const button = form.querySelector("[data-by-passkey]");
  if (field.value || (button && event.submitter !== button)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  try {
    field.value = JSON.stringify(await ceremony());
    form.requestSubmit(event.submitter);
  } catch {
    document.querySelector("[data-passkey-failed]").hidden = false;
  }
}, { capture: true });

async function ceremony() {
  const making = options.creation_options;
  const publicKey = read((making ?? options.request_options).publicKey);
  const made = making ? await navigator.credentials.create({ publicKey }) : await navigator.credentials.get({ publicKey });
  return write(made);
}

function read(wanted) {
  const listed = (list) => list?.map((each) => ({ ...each, id: bytes(each.id) }));
  const all = { ...wanted, challenge: bytes(wanted.challenge) };
  if (wanted.user) all.user = { ...wanted.user, id: bytes(wanted.user.id) };
  if (wanted.excludeCredentials) all.excludeCredentials = listed(wanted.excludeCredentials);
  if (wanted.allowCredentials) all.allowCredentials = listed(wanted.allowCredentials);
  return all;
}

function write(made) {
  const names = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const response = {};
  for (const name of names) if (made.response[name]) response[name] = text(made.response[name]);
  if (made.response.getTransports) response.transports = made.response.getTransports();
  return { id: made.id, rawId: text(made.rawId), type: made.type, response, clientExtensionResults: made.getClientExtensionResults() };
}

function bytes(encoded) {
  return Uint8Array.from(atob(encoded.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0));
}

function text(buffer) {
  const plain = btoa(String.fromCharCode(...new Uint8Array(buffer)));
  return plain.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
