// The settings view. Only what was changed is sent; what is refused stays in its field, with the reason below it.

import { byId, element, setText, showView } from "./elements.js";
import { fetchPrivate } from "./pair.js";

const NAMES = ["speech_rate", "emergency_number", "person"];
let kept = null; // the values as the server has them

const typed = (name) => (name === "speech_rate" ? Number(byId(name).value) : byId(name).value.trim());
const isChanged = (name) => kept !== null && byId(name).value !== byId(name).dataset.shown;

export async function showSettings() {
  for (const name of NAMES) tellWrong(name, "");
  try {
    fill(await (await fetchPrivate("settings.json")).json());
    showView("settings");
  } catch (error) {
    setText("start-note", `The settings cannot be read (${error.message}).`);
  }
}

function fill(found) {
  setText("settings-note", found.problem);
  byId("settings-note").className = "wrong";
  byId("setting").querySelector(".save").disabled = found.fixed === undefined;
  if (found.fixed === undefined) return;
  for (const name of NAMES) if (!isChanged(name)) put(name, found[name]);
  kept = found;
  for (const name of NAMES) byId(name).readOnly = name in found.fixed;
  const guess = found.guess ? `Empty: ${found.guess}, by this machine's country.` : "Empty: no digits are said in an emergency.";
  setText("emergency_number-help", `It is read out in an emergency. ${found.fixed.emergency_number ?? guess}`);
  const people = found.people.length ? `Rehearsed so far: ${found.people.join(", ")}.` : "Nobody has rehearsed yet.";
  setText("person-help", found.fixed.person ?? `Whose way to say the commands the ear knows (tuina rehearse). ${people}`);
  byId("people").replaceChildren(...found.people.map((one) => element("option", "", { value: one })));
}

function put(name, value) {
  byId(name).value = value;
  byId(name).dataset.shown = byId(name).value;
  if (name === "speech_rate") setText("rate", `${value} %`);
}

async function save() {
  for (const name of NAMES) tellWrong(name, "");
  const changes = Object.fromEntries(NAMES.filter(isChanged).map((name) => [name, typed(name)]));
  if (!Object.keys(changes).length) return tell("Nothing was changed.", "");
  try {
    const how = { method: "POST", body: JSON.stringify(changes) };
    const { problem, wrong } = await (await fetchPrivate("settings.json", how)).json();
    if (problem) tell(`Not saved: ${problem}`, "wrong");
    else if (Object.keys(wrong).length) refuse(wrong);
    else await saved(changes);
  } catch (error) {
    tell(`Not saved (${error.message}). Try again.`, "wrong");
  }
}

async function saved(changes) {
  for (const [name, value] of Object.entries(changes)) put(name, value);
  fill(await (await fetchPrivate("settings.json")).json());
  tell("Saved.", "");
}

function refuse(wrong) {
  for (const [name, why] of Object.entries(wrong)) tellWrong(name, why);
  tell("Nothing was saved.", "wrong");
  byId(NAMES.find((name) => name in wrong)).focus();
}

function tell(text, kind) {
  setText("settings-note", text);
  byId("settings-note").className = kind;
}

function tellWrong(name, why) {
  setText(`${name}-wrong`, why);
  byId(name).setAttribute("aria-invalid", String(why !== ""));
}

byId("speech_rate").oninput = () => setText("rate", `${byId("speech_rate").value} %`);
byId("setting").onsubmit = (event) => {
  event.preventDefault();
  save();
};
