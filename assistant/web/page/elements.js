// Small ways to make elements. Text is always set as text: a name in a file is never read as HTML.

export const byId = (id) => document.getElementById(id);

export function element(tag, text = "", attributes = {}) {
  const made = document.createElement(tag);
  made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

export function setText(id, text) {
  const found = byId(id);
  if (found.textContent !== text) found.textContent = text;
  found.hidden = text === "";
}

const VIEWS = ["start", "history", "settings", "pair", "invite", "session"];

export function showView(name) {
  if (!byId(name).hidden) return;
  for (const view of VIEWS) byId(view).hidden = view !== name;
  byId(name === "session" ? "stage" : name).focus({ preventScroll: true });
}
