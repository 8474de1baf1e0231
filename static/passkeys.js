// Passkeys: the browser makes or shows one, and what it says is sent with the form.
//
// <form data-passkey="create" or "get" data-options="where the site says what it wants">, with a hidden field `credential`.

const decode = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));

const encode = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

const known = (credentials) => (credentials || []).map((one) => ({ ...one, id: decode(one.id) }));

async function options(form) {
  const answer = await fetch(form.dataset.options, { method: "POST", body: new FormData(form) });
  if (!answer.ok || answer.redirected) throw new Error(`options: ${answer.status}`);
  return (await answer.json()).publicKey;
}

async function create(wanted) {
  const user = { ...wanted.user, id: decode(wanted.user.id) };
  const excludeCredentials = known(wanted.excludeCredentials);
  const publicKey = { ...wanted, challenge: decode(wanted.challenge), user, excludeCredentials };
  const made = await navigator.credentials.create({ publicKey });
  return {
    ...about(made),
    response: {
      clientDataJSON: encode(made.response.clientDataJSON),
      attestationObject: encode(made.response.attestationObject),
      transports: made.response.getTransports?.() ?? [],
    },
  };
}

async function get(wanted) {
  const allowCredentials = known(wanted.allowCredentials);
  const publicKey = { ...wanted, challenge: decode(wanted.challenge), allowCredentials };
  const shown = await navigator.credentials.get({ publicKey });
  const { clientDataJSON, authenticatorData, signature, userHandle } = shown.response;
  return {
    ...about(shown),
    response: {
      clientDataJSON: encode(clientDataJSON),
      authenticatorData: encode(authenticatorData),
      signature: encode(signature),
      userHandle: userHandle && encode(userHandle),
    },
  };
}

const about = (credential) => ({
  id: credential.id,
  rawId: encode(credential.rawId),
  type: credential.type,
  clientExtensionResults: credential.getClientExtensionResults(),
});

document.querySelectorAll("form[data-passkey]").forEach((form) => {
  const failed = form.querySelector("[data-failed]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    failed.hidden = true;
    try {
      const wanted = await options(form);
      const credential = await (form.dataset.passkey === "create" ? create(wanted) : get(wanted));
      form.elements.credential.value = JSON.stringify(credential);
      form.submit();
    } catch {
      // Put aside by the person, timed out, or not possible here: the page says what else can be done.
      failed.hidden = false;
    }
  });
});
