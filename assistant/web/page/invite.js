// On the page of the machine itself: a code for a phone or a tablet, to be scanned.

import { byId, element, setText, showView } from "./elements.js";

export async function showInvitation() {
  const answer = await fetch("invitation", { method: "POST" });
  const { problem, address, qr, minutes, fingerprint, paired } = await answer.json();
  setText("start-note", problem ?? "");
  if (problem) return;
  const picture = new DOMParser().parseFromString(qr, "text/html").querySelector("svg");
  picture.setAttribute("role", "img");
  picture.setAttribute("aria-label", `The address as a QR code: ${address}`);
  byId("qr").replaceChildren(document.importNode(picture, true));
  setText("invite-lasts", `The code is good once, and for ${minutes} minutes.`);
  setText("invite-address", address);
  setText("fingerprint", fingerprint);
  byId("paired").replaceChildren(...(paired.length ? paired : ["none yet"]).map((one) => element("li", one)));
  showView("invite");
}
