// The session view. It shows what the server tells: records of the trace (docs/trace.md), and scenes.

import { byId, element, setText } from "./elements.js";
import { fetchPrivate } from "./pair.js";

const STATUS = {
  advising: "Before you begin",
  teaching: "Try the words",
  pace_asked: "Is this a good pace?",
  idle: "Which routine?",
  offered: "Say “start” when you are ready",
  resume_offer: "You were here",
  screening: "Is any of these true?",
  rating: "From zero to ten",
  instructing: "Get into position",
  ready_prompt: "Say “ready”",
  locating: "Find the place",
  leading: "Get ready",
  counting: "Counting",
  feeling_asked: "How does it feel?",
  own_pace: "Your own pace",
  paused: "Paused",
  pause_asked: "Paused",
  pain_hold: "Take your hands away",
  pain_asked: "Take your hands away",
  confirm: "Yes or no?",
  asked_back: "Did you mean that?",
  asleep: "Asleep. Say “wake up”",
  ended_urgent: "Stop. Get help now.",
  not_today: "Not today",
  left: "Goodbye",
  finished: "Done",
};
const HELD = new Set(["paused", "pause_asked", "pain_hold", "pain_asked"]);
const WARNS = new Set(["pain_hold", "pain_asked", "ended_urgent"]);
const GOES_ON = new Set(["start_usual", "ready", "resume", "resume_last"]);
const HEARD = {
  said: (one) => `You: ${one.text}`,
  not_now: (one) => `“${one.text}” is not possible now`,
  perhaps: (one) => `Perhaps: ${one.text}?`,
  unsure: () => "Not understood",
};
const LOWEST_DBFS = -80; // as the bar of tuina doctor
const TOO_LOUD_DBFS = -6; // speech at this level clips
const drawings = new Map();
let sentences = new Map();
let scene = null;
let shown = "";
let halfWay = 0;

export function clear() {
  sentences = new Map();
  scene = null;
  hasLeft = false;
  shown = "";
  clearTimeout(halfWay);
  showLevel(null);
  for (const id of ["said", "heard", "status", "technique", "side", "where", "of", "count"]) setText(id, "");
  byId("drawing").replaceChildren();
  byId("phrases").replaceChildren();
  byId("question").replaceChildren();
}

export let hasLeft = false;
export const isHeld = () => scene !== null && HELD.has(scene.state);

export function take(message, say) {
  if (message.scene) showScene(message.scene, say);
  else if (message.note) tell(message.note, "note");
  else if (message.effect === "say") sentences.set(message.utterance, message.text);
  else if (message.effect === "leave") hasLeft = true;
  else if (message.event === "voice_began") setText("said", sentences.get(message.utterance) ?? "");
  else if (message.event === "failed") tell(message.reason, "doubt");
  else if (message.event in HEARD) tell(HEARD[message.event](message), message.event === "said" ? "" : "doubt");
  if (message.event === "due" && message.tag === "beat") keepTime();
}

// In dBFS; null while the microphone is off.
export function showLevel(level) {
  const meter = byId("level");
  meter.hidden = level === null;
  if (level === null) return;
  const shown = Math.min(Math.max(level, LOWEST_DBFS), 0);
  meter.setAttribute("aria-valuenow", shown);
  meter.classList.toggle("loud", level > TOO_LOUD_DBFS);
  meter.firstChild.style.setProperty("--part", 1 - shown / LOWEST_DBFS);
}

function tell(text, kind) {
  setText("heard", text);
  byId("heard").className = kind;
}

function showScene(next, say) {
  const before = scene;
  scene = next;
  const body = document.body;
  body.dataset.state = next.state;
  body.classList.toggle("held", HELD.has(next.state));
  body.classList.toggle("warns", WARNS.has(next.state));
  const step = next.step ? ` · ${next.step} of ${next.steps}` : "";
  setText("where", next.routine + step);
  const check = next.questions ? `Question ${next.question_at} of ${next.questions}. ` : "";
  setText("status", check + (STATUS[next.state] ?? next.state));
  setText("technique", next.technique || (next.questions ? "Safety check" : next.routine || "tuina"));
  showSide(next.side, next.drawing);
  showNumber(next);
  setText("hold-word", HELD.has(next.state) ? "Go on" : "Pause");
  if (!before || String(before.question) !== String(next.question)) {
    byId("question").replaceChildren(...next.question.map((text) => element("p", text)));
  }
  clearTimeout(halfWay);
  if (next.then_side && next.state === "counting") {
    halfWay = setTimeout(() => showSide(next.then_side, next.then_drawing), next.period_s * 500);
  }
  byId("drawing").style.setProperty("--beat", `${next.period_s || 2}s`);
  if (!before || JSON.stringify(before.phrases) !== JSON.stringify(next.phrases) || before.asks_number !== next.asks_number) {
    showPhrases(next, say);
  }
}

function showSide(side, drawing) {
  setText("side", side ? `${side} side` : "");
  if (drawing !== shown) showDrawing(drawing);
}

function showNumber(next) {
  const hasBegun = next.count > 0 || next.state === "counting";
  setText("count", hasBegun ? String(next.count) : "");
  setText("of", next.of ? (hasBegun ? `of ${next.of}` : `${next.of} times`) : "");
  byId("number").hidden = !next.of;
  byId("done").hidden = !hasBegun;
  byId("done-part").style.setProperty("--part", next.of ? next.count / next.of : 0);
}

function showPhrases(next, say) {
  const isAsked = ["yes", "no"].every((answer) => next.phrases.some(({ intent }) => intent === answer));
  const kind = (intent) => (isAsked && ["yes", "no"].includes(intent) ? "answer" : GOES_ON.has(intent) ? "go" : "phrase");
  const buttons = next.phrases.map(({ say: phrase, intent }) => pressing(phrase, kind(intent), say));
  const numbers = next.asks_number ? Array.from({ length: 11 }, (_, n) => pressing(String(n), "digit", say)) : [];
  byId("phrases").replaceChildren(...numbers, ...buttons);
}

function pressing(phrase, kind, say) {
  const button = element("button", phrase, { class: kind, type: "button" });
  button.onclick = (event) => {
    say(phrase);
    if (event.detail > 0) byId("stage").focus({ preventScroll: true }); // touched: Space is the pause again
  };
  return button;
}

async function showDrawing(name) {
  shown = name;
  const place = byId("drawing");
  place.hidden = name === "";
  if (name === "") return place.replaceChildren();
  if (!drawings.has(name)) {
    const answer = await fetchPrivate(`drawings/${encodeURIComponent(name)}.svg`);
    if (!answer.ok) return place.replaceChildren();
    drawings.set(name, new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("svg"));
  }
  if (shown === name) place.replaceChildren(document.importNode(drawings.get(name), true));
}

// A beat is due, and its scene follows. Two repetitions are one round of every movement, also of one there and back.
function keepTime() {
  if (scene === null) return;
  const at_ms = (scene.count % 2) * scene.period_s * 1000;
  for (const movement of byId("drawing").getAnimations({ subtree: true })) movement.currentTime = at_ms;
}
