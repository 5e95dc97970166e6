// The start view: every routine with its length and its techniques.

import { byId, element } from "./elements.js";
import { fetchPrivate, isOverLan, tellPrivacy } from "./pair.js";

export async function showRoutines(begin) {
  const { language, routines, sound, settings, may_invite: mayInvite } = await (await fetchPrivate("library.json")).json();
  document.documentElement.lang = language;
  byId("routines").replaceChildren(...routines.map((routine) => card(routine, begin)));
  tellPrivacy(sound);
  byId("to-settings").hidden = !settings;
  byId("to-invite").hidden = isOverLan || !mayInvite;
}

function card(routine, begin) {
  const button = element("button", "", { class: "card" });
  const many = routine.steps.length === 1 ? "1 technique" : `${routine.steps.length} techniques`;
  button.append(
    element("strong", routine.title),
    element("span", `${routine.minutes} min`, { class: "minutes" }),
    element("span", routine.is_users ? `${many}, yours` : many, { class: "steps" }),
  );
  button.title = routine.steps.join(", ");
  button.onclick = () => begin(routine.id);
  const item = element("li");
  item.append(button);
  return item;
}
