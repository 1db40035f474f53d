// How the figures of a place came about: a step plot, and the same as a table for whoever does not see it.

import { element, shape } from "./dom.js";
import { STATUSES, count, estimate } from "./words.js";

const WIDTH = 360;
const HEIGHT = 150;
const LEFT = 46;
const [TOP, RIGHT, BOTTOM] = [10, 10, 22];
const DAY_MS = 86_400_000;

/** `timeline` as a total has it, oldest first: a date and the three figures. Null when there is nothing to plot. */
export function timelinePlot(timeline) {
  const points = (timeline ?? []).filter((point) => point.date !== null);
  const known = points.flatMap((point) => STATUSES.map((status) => point[status])).filter(Boolean);
  if (!known.length) return null;
  const days = points.map((point) => dayOf(point.date));
  const [first, last] = [Math.min(...days), Math.max(...days) + 1];
  const most = Math.max(1, ...known.map((cell) => cell.high ?? cell.best));
  const x = (day) => LEFT + ((day - first) / (last - first)) * (WIDTH - LEFT - RIGHT);
  const y = (figure) => HEIGHT - BOTTOM - (figure / most) * (HEIGHT - TOP - BOTTOM);
  const lines = STATUSES.flatMap((status) => seriesOf(points, status, last, x, y));
  const picture = shape("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "timeline", role: "img", "aria-label": `Figures from ${points[0].date} on; the table that follows has them` },
    axes(most, first, last, x, y), lines);
  return element("div", {}, picture, asTable(points));
}

function seriesOf(points, status, last, x, y) {
  const [steps, ranges] = [[], []];
  points.forEach((point, index) => {
    const cell = point[status];
    if (!cell) return;
    const [from, to] = [dayOf(point.date), index + 1 < points.length ? dayOf(points[index + 1].date) : last];
    const joined = index && points[index - 1][status];
    steps.push(`${joined ? "L" : "M"}${x(from)} ${y(cell.best)}L${x(to)} ${y(cell.best)}`);
    const [low, high] = [cell.low ?? cell.best, cell.high ?? cell.best];
    if (low !== high) ranges.push(shape("rect", { class: `range ${status}`, x: x(from), y: y(high), width: Math.max(1, x(to) - x(from)), height: y(low) - y(high) }));
  });
  return steps.length ? [...ranges, shape("path", { class: `line ${status}`, d: steps.join("") })] : [];
}

function axes(most, first, last, x, y) {
  const figure = (value) => [
    shape("line", { class: "axis", x1: LEFT, x2: WIDTH - RIGHT, y1: y(value), y2: y(value) }),
    shape("text", { x: LEFT - 5, y: y(value) + 4, "text-anchor": "end" }, count(value)),
  ];
  return [
    ...figure(0), ...figure(most),
    shape("text", { x: LEFT, y: HEIGHT - 5 }, dateOf(first)),
    shape("text", { x: WIDTH - RIGHT, y: HEIGHT - 5, "text-anchor": "end" }, dateOf(last - 1)),
  ];
}

function asTable(points) {
  const rows = points.map((point) => element("tr", {},
    element("th", { scope: "row" }, point.date), STATUSES.map((status) => element("td", { class: "number" }, estimate(point[status]))),
  ));
  const head = ["Until", ...STATUSES].map((name) => element("th", { scope: "col", class: name === "Until" ? null : "number" }, name));
  return element("details", {}, element("summary", {}, "As a table"),
    element("table", {}, element("thead", {}, element("tr", {}, head)), element("tbody", {}, rows)));
}

const dayOf = (date) => Math.round(Date.parse(`${date}T00:00:00Z`) / DAY_MS);
const dateOf = (day) => new Date(day * DAY_MS).toISOString().slice(0, 10);
