// Over the network a page proves that its device was paired: once by the code behind "#" in the address, which a browser
// sends to nobody, and then by a token of its own. On the machine itself nothing is asked.

import { byId, setText, showView } from "./elements.js";

const KEPT = "tuina-token";
const UNPAIRED = 4001; // the server's words, as those below
const WHY = {
  [UNPAIRED]: "This device is not paired any more. Nothing that you press here arrives. You can always just take your hands"
    + " away.",
  4002: "This code was used already, or is too old, or was mistyped. Take a new one. If nobody of yours used it, shut every"
    + " device out: tuina serve --forget-devices",
  4003: "Too many devices are paired. On the machine that runs tuina: tuina serve --forget-devices",
};
const FAR = "Sound comes from the machine that runs tuina, and its microphone listens. What is shown here comes from it"
  + " over your network, encrypted.";
const FAR_SOUND = "The microphone of the device on which a session was begun listens while it runs. Its sound goes to the"
  + " machine that runs tuina, over your network, encrypted.";

export const isOverLan = location.protocol === "https:";
export const socketAddress = (path) => `${isOverLan ? "wss" : "ws"}://${location.host}/${path}`;
let code = isOverLan ? (new URLSearchParams(location.hash.slice(1)).get("pair") ?? "") : "";
let token = isOverLan ? read() : "";
let why = "";

if (code) history.replaceState(null, "", location.pathname);
tellPrivacy(false);

// The first message of any other socket; null on the machine itself.
export const greeting = () => (isOverLan ? JSON.stringify({ token }) : null);

export function tellPrivacy(hasSound) {
  if (isOverLan) setText("privacy", hasSound ? FAR_SOUND : FAR);
}

// The first message of a socket; null while the person is asked for a code, after which `again` is called.
export function hello(again) {
  if (token || !isOverLan) return { token };
  if (code) return { pair: code };
  ask(again);
  return null;
}

export function letIn(message) {
  if (message.token) keep(message.token);
  code = "";
  if (!byId("pair").hidden) showView("start");
}

// What this device showed did not count: it is forgotten, and something else may be tried at once.
export function refused(reason) {
  if (!(reason in WHY)) return false;
  if (reason === UNPAIRED) keep("");
  else code = "";
  why = WHY[reason];
  return true;
}

export const fetchPrivate = (path, how = {}) =>
  fetch(path, { ...how, headers: isOverLan ? { Authorization: `Bearer ${token}` } : {} });

function ask(again) {
  setText("offline", "");
  setText("pair-note", why);
  showView("pair");
  byId("pairing").onsubmit = (event) => {
    event.preventDefault();
    code = byId("code").value.trim();
    byId("code").value = "";
    if (code) again();
  };
}

// A browser that keeps nothing (a private window) has to be paired each time.
function read() {
  try {
    return localStorage.getItem(KEPT) ?? "";
  } catch {
    return "";
  }
}

function keep(next) {
  token = next;
  try {
    if (next) localStorage.setItem(KEPT, next);
    else localStorage.removeItem(KEPT);
  } catch {
    // it is kept in this page only
  }
}
