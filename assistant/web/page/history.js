// The history: a plot of the discomfort before and after each session, and a table of everything that is kept.

import { byId, element } from "./elements.js";
import { fetchPrivate } from "./pair.js";

const SVG = "http://www.w3.org/2000/svg";
const WIDE = 720;
const HIGH = 220;
const LEFT = 34;
const BOTTOM = 24;
const WORST = 10;
const COLUMNS = [
  ["Date", (one) => one.begun.slice(0, 16).replace("T", " ")],
  ["Routine", (one) => one.routine + (one.is_finished ? "" : " *")],
  ["Minutes", (one) => one.minutes],
  ["Techniques", (one) => one.techniques],
  ["Left", (one) => one.left],
  ["Right", (one) => one.right],
  ["Both", (one) => one.both],
  ["Before", (one) => one.before ?? "–"],
  ["After", (one) => one.after ?? "–"],
  ["Pain", (one) => one.pains || "–"],
];

export async function showHistory() {
  const { sessions, problem } = await (await fetchPrivate("history.json")).json();
  byId("history-note").textContent = problem || (sessions.length ? "* not done to its end" : "No session yet.");
  byId("plot").replaceChildren(...plot(sessions));
  byId("sessions").replaceChildren(...(sessions.length ? table(sessions) : []));
}

function table(sessions) {
  const head = element("tr");
  head.append(...COLUMNS.map(([name]) => element("th", name, { scope: "col" })));
  const rows = [...sessions].reverse().map((one) => {
    const row = element("tr");
    row.append(...COLUMNS.map(([, value]) => element("td", String(value(one)))));
    return row;
  });
  const [top, body] = [element("thead"), element("tbody")];
  top.append(head);
  body.append(...rows);
  return [top, body];
}

function plot(sessions) {
  const rated = sessions.filter((one) => one.before !== null || one.after !== null);
  if (!rated.length) return [];
  const told = rated.map((one) => `${one.begun.slice(0, 10)}: ${one.before ?? "not asked"} to ${one.after ?? "not asked"}`);
  const label = `Discomfort from zero to ten, before and after. ${told.join(". ")}`;
  const picture = shape("svg", { viewBox: `0 0 ${WIDE} ${HIGH}`, role: "img", "aria-label": label });
  for (const level of [0, 5, WORST]) picture.append(...gridLine(level));
  const step = (WIDE - LEFT) / rated.length;
  rated.forEach((one, i) => picture.append(...pair(one, LEFT + (i + 0.5) * step)));
  const caption = element("figcaption", "Discomfort, zero to ten: ");
  caption.append(element("span", "before", { class: "before" }), " and ", element("span", "after", { class: "after" }));
  return [caption, picture];
}

function pair(one, x) {
  const parts = [];
  if (one.before !== null && one.after !== null) {
    parts.push(shape("line", { x1: x, x2: x, y1: height(one.before), y2: height(one.after), class: "change" }));
  }
  if (one.before !== null) parts.push(shape("circle", { cx: x, cy: height(one.before), r: 6, class: "before" }));
  if (one.after !== null) parts.push(shape("circle", { cx: x, cy: height(one.after), r: 6, class: "after" }));
  return parts;
}

function gridLine(level) {
  const y = height(level);
  const number = shape("text", { x: LEFT - 8, y: y + 5 });
  number.textContent = level;
  return [shape("line", { x1: LEFT, x2: WIDE, y1: y, y2: y, class: "grid" }), number];
}

const height = (level) => HIGH - BOTTOM - (level / WORST) * (HIGH - 2 * BOTTOM);

function shape(tag, attributes) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}
