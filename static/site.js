// What the pages gain with JavaScript; every one of them works without it.

// After a refused form, reading starts at the summary of what to mend.
document.querySelector(".error-summary")?.focus();

document.addEventListener("click", (event) => {
  // Buttons that print are shown only where there is a script to do it (site.css).
  if (event.target.closest("[data-print]")) window.print();
  // A click elsewhere closes the account's menu.
  document.querySelectorAll("details.me[open]").forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
});

// All boxes of one name are unticked at once, or ticked again; what counts them (htmx) counts them once.
document.addEventListener("click", ({ target }) => {
  const name = target.dataset?.tickAll;
  if (!name) return;
  const boxes = [...document.getElementsByName(name)];
  const ticks = !boxes.some((box) => box.checked);
  boxes.forEach((box) => { box.checked = ticks; });
  boxes[0]?.dispatchEvent(new Event("change", { bubbles: true }));
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details.me[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

// Of boxes with numbers before them, a digit chooses one.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const boxes = event.target.closest("[data-digits]");
  const box = boxes?.querySelectorAll("input[type=radio]")[Number(event.key) - 1];
  if (!box) return;
  event.preventDefault();
  box.focus();
  box.click();
});

// A tick that did not reach the site says so; one that was refused shows the page as it stands. Forms with something
// typed in them stay as they are.
document.addEventListener("htmx:sendError", ({ target }) => {
  (target.closest(".call") ?? document).querySelectorAll(".unsent").forEach((message) => {
    message.hidden = false;
    message.scrollIntoView({ block: "nearest" });
  });
});
document.addEventListener("htmx:responseError", (event) => {
  if (event.target.closest("#work, .call")) window.location.reload();
});

// Figures that renew themselves stop, and say so, once nobody is signed in any more.
document.addEventListener("htmx:responseError", (event) => {
  const live = event.target.closest("[data-live]");
  if (!live || event.detail.xhr.status !== 401) return;
  const still = live.cloneNode(true);
  ["hx-get", "hx-trigger"].forEach((name) => still.removeAttribute(name));
  still.querySelector("[data-signed-out]").hidden = false;
  live.replaceWith(still);
});

// Figures that nobody looks at rest, and are asked for at once when somebody comes back to them.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (document.hidden && event.target.closest("[data-rests]")) event.preventDefault();
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  document.querySelectorAll("[data-rests]").forEach((live) => htmx.trigger(live, "seen"));
});

// What is renewed under somebody's hands stays as they left it: folded parts open, and the focus on the same link.
document.addEventListener("htmx:oobBeforeSwap", ({ detail: { target, fragment } }) => {
  target.querySelectorAll("details[id][open]").forEach((folded) => {
    fragment.querySelector(`#${CSS.escape(folded.id)}`)?.setAttribute("open", "");
  });
  const here = document.activeElement;
  if (!target.contains(here) || (here.id && here.id !== "kept-focus") || !here.hasAttribute("href")) return;
  const links = [...fragment.querySelectorAll("a[href]")];
  const same = links.find((link) => link.getAttribute("href") === here.getAttribute("href"));
  if (same && !same.id) here.id = same.id = "kept-focus"; // htmx finds it again by that
});

// Whoever reads or mends a value of a packet sees where it stands: beside it, without the page moving.
document.addEventListener("focusin", (event) => {
  const anchor = event.target.closest("[data-place]")?.dataset.place;
  const place = anchor && document.getElementById(anchor);
  if (!place) return;
  document.querySelectorAll(".here").forEach((other) => other.classList.remove("here"));
  place.classList.add("here");
  const sheets = place.closest(".page-pictures");
  if (!sheets) return;
  const down = place.getBoundingClientRect().top - sheets.getBoundingClientRect().top;
  if (down < 0 || down > sheets.clientHeight - 40) sheets.scrollBy({ top: down - sheets.clientHeight / 3 });
});

// What scrolls sideways (menu, tabs, wide tables) shows the whole of what the keyboard has reached, not half of it.
document.addEventListener("keyup", ({ key, target }) => {
  if (key !== "Tab" || !target.closest(".mainnav ul, .tabs, .ledger-box")) return;
  target.scrollIntoView({ block: "nearest", inline: "nearest" });
});

// What was typed into <form data-typed> is not lost by a click: leaving the page before it was sent asks first. "unsaved"
// says that the site gave back something that it has not kept; so does a field that it refused.
const sent = new WeakSet();

const changed = (field) => {
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.type === "file") return field.files.length > 0;
  if (field.type === "hidden" || field.type === "submit" || field.type === "button") return false;
  if (field.options) {
    const first = [...field.options].findIndex((option) => option.defaultSelected);
    return field.selectedIndex !== Math.max(first, field.multiple ? -1 : 0);
  }
  return "defaultValue" in field && field.value !== field.defaultValue;
};

const holdsTyped = (form) =>
  form.dataset.typed === "unsaved" ||
  [...form.elements].some((field) => field.getAttribute("aria-invalid") === "true" || changed(field));

document.addEventListener("submit", (event) => {
  if (!event.defaultPrevented && event.submitter?.formTarget !== "_blank") sent.add(event.target);
});
window.addEventListener("pageshow", () => document.querySelectorAll("form").forEach((form) => sent.delete(form)));
window.addEventListener("beforeunload", (event) => {
  const forms = [...document.querySelectorAll("form[data-typed]")];
  if (forms.some((form) => !sent.has(form) && holdsTyped(form))) event.preventDefault();
});

// A link that stays among the parts of what is corrected (data-saves="the form") saves on the way what was typed.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-saves]");
  const form = link && document.getElementById(link.dataset.saves);
  if (!form || event.button || event.ctrlKey || event.metaKey || event.shiftKey || !holdsTyped(form)) return;
  if (link.pathname + link.search === location.pathname + location.search) return;
  event.preventDefault();
  const then = Object.assign(document.createElement("input"), { type: "hidden", name: "then" });
  then.value = link.getAttribute("href");
  form.append(then);
  form.requestSubmit();
  then.remove();
});

document.documentElement.classList.add("scripted");

// Files that the site would refuse for their size are left out before anything is sent; the others stay chosen, and are
// shown in their order. The site is told the names of those that are left out.
document.addEventListener("change", ({ target }) => {
  if (!target.dataset?.mostEach) return;
  let room = Number(target.dataset.mostTogether);
  const fits = (file) => file.size <= Number(target.dataset.mostEach) && file.size <= room && ((room -= file.size), true);
  const chosen = [...target.files];
  const kept = chosen.filter(fits);
  const told = document.querySelector("[data-too-large]");
  const dropped = chosen.filter((file) => !kept.includes(file));
  target.form.elements.too_large.value = dropped.map(({ name }) => name).join("\n");
  const list = document.querySelector("[data-chosen]");
  list.hidden = kept.length < 2;
  list.querySelector("ol").replaceChildren(...kept.map(({ name }) => {
    const line = document.createElement("li");
    line.textContent = name;
    return line;
  }));
  told.hidden = dropped.length === 0;
  if (told.hidden) return;
  told.querySelector("[data-names]").textContent = dropped.map(({ name }) => `「${name}」`).join("");
  const files = new DataTransfer();
  kept.forEach((file) => files.items.add(file));
  target.files = files.files;
});
