// Joins the views to the session: what it tells is shown, what is pressed is typed.

import { byId, setText, showView } from "./elements.js";
import { showHistory } from "./history.js";
import { showInvitation } from "./invite.js";
import { connect } from "./live.js";
import { fetchPrivate } from "./pair.js";
import * as session from "./session.js";
import { showSettings } from "./settings.js";
import { makeSound } from "./sound.js";
import { showRoutines } from "./start.js";

const LOST =
  "This page has lost its session. Nothing that you press here arrives; a stop will, when it is back. You can always just"
  + " take your hands away.";
const OVER = "The session is over.";
const TWICE_MS = 2000; // chosen
const ONLY_SHOWS = "This page only shows the session.";
const ASIDE = ["history", "settings", "invite"]; // they stay open when a session is over
let isRunning = false;
let heldAt_ms = -Infinity;
let trouble = ""; // why the sound that was asked for is not here

const send = connect(take, (isOpen) => {
  setText("offline", isOpen ? "" : session.hasLeft ? OVER : LOST);
});
const say = (text) => send({ say: text });
const sound = makeSound((text, canTake) => {
  setText("sound-note", text);
  byId("sound-here").hidden = !canTake;
  byId("sound").hidden = text === "";
});

// The session's microphone and voice are this page's, where the server was started so.
async function begin(routine) {
  try {
    if (await isSoundOurs()) await openSound();
  } catch (error) {
    trouble = notAsked(error);
  }
  send({ begin: routine });
}

const notAsked = (error) => `This page could not ask for the sound (${error.message}).`;

async function openSound() {
  trouble = "";
  try {
    await sound.open();
  } catch (error) {
    trouble = `This browser cannot play the voice (${error.message}).`;
    tellSound(trouble);
  }
}

function tellSound(text) {
  setText("sound-note", text);
  byId("sound-here").hidden = byId("sound").hidden = false;
}

const isSoundOurs = async () => (await (await fetchPrivate("library.json")).json()).sound;

async function offerSound() {
  if (sound.isOpen()) return;
  try {
    if (!(await isSoundOurs())) return;
  } catch (error) {
    trouble ||= notAsked(error);
  }
  if (!sound.isOpen()) tellSound(trouble || ONLY_SHOWS);
}

// Who is hurt may press twice: a second press so soon after the pause is part of it, and resumes nothing.
function hold() {
  const now_ms = performance.now();
  if (!session.isHeld()) {
    heldAt_ms = now_ms;
    say("pause");
  } else if (now_ms - heldAt_ms > TWICE_MS) say("resume");
}

function take(message) {
  if (message.run === "waiting") rest();
  else if (message.run === "running") getReady();
  else if (message.level !== undefined) session.showLevel(isRunning ? message.level : null);
  else if (message.note && byId("session").hidden) setText("start-note", message.note);
  else if (isRunning) {
    session.take(message, say);
    if (message.scene) showView("session");
  }
}

function getReady() {
  isRunning = true;
  offerSound();
  setText("start-note", "Getting ready …");
}

function rest() {
  if (isRunning) setText("start-note", "");
  isRunning = false;
  sound.close();
  trouble = "";
  byId("sound").hidden = true;
  session.clear();
  showRoutines(begin);
  if (ASIDE.every((view) => byId(view).hidden)) showView("start");
}

byId("by-voice").onclick = () => begin("");
byId("to-history").onclick = async () => {
  await showHistory();
  showView("history");
};
byId("to-settings").onclick = showSettings;
byId("to-invite").onclick = showInvitation;
for (const view of ASIDE) byId(`from-${view}`).onclick = () => showView("start");
byId("sound-here").onclick = openSound;
byId("stop").onclick = () => say("stop");
byId("hold").onclick = hold;
for (const button of byId("voice").querySelectorAll("button")) {
  button.onclick = (event) => {
    say(button.title.toLowerCase());
    if (event.detail > 0) byId("stage").focus({ preventScroll: true }); // touched: Space is the pause again
  };
}
byId("typing").onsubmit = (event) => {
  event.preventDefault();
  const line = byId("line");
  if (line.value.trim()) say(line.value.trim());
  line.value = "";
};

// A browser that does not trust the certificate of the network's address refuses it; nothing else depends on it.
navigator.serviceWorker?.register("worker.js").catch(() => {});

// Escape stops, wherever the focus is. Space pauses and goes on; on a control it does what it does everywhere.
document.addEventListener("keydown", (event) => {
  if (byId("session").hidden || event.repeat) return;
  if (event.key === "Escape") say("stop");
  else if (event.key === " " && !event.target.closest("button, input, a")) {
    event.preventDefault();
    hold();
  }
});
