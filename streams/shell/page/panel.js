// One place: its figures, why they won, by force, over time, and every quote that carries them.

import { element, outsideLink } from "./dom.js";
import { timelinePlot } from "./timeline.js";
import { STATUSES, count, countryName, estimate, forceName, marked, stated } from "./words.js";

/** The content of the panel, from a CityTotal or RegionTotal as the API gives it. `rules` says what each rule means. */
export function placeContent(total, rules) {
  return [
    whereabouts(total),
    figures(total, rules),
    byForce(total),
    section("Over time", timelinePlot(total.timeline), cutNote(total)),
    section("Operations", operations(total.operations)),
    evidence(total),
  ].filter(Boolean);
}

export function placeTitle(total) {
  return (total.places ?? [total.place]).map((place) => place.name).join(" + ");
}

function whereabouts(total) {
  const place = (total.places ?? [total.place])[0];
  const where = [place.admin1, countryName(place.country)].filter(Boolean).join(", ");
  const basis = `${count(total.reports)} ${total.reports === 1 ? "report" : "reports"}, ${count(total.sources)} independent ${total.sources === 1 ? "source" : "sources"}`;
  return element("p", { class: "quiet" }, [where, basis, total.as_of && `newest ${total.as_of}`].filter(Boolean).join(" · "));
}

function figures(total, rules) {
  const known = STATUSES.filter((status) => total[status]);
  if (!known.length) return element("p", { class: "notice" }, "No figure stands: what was reported was withdrawn or called off.");
  return element("dl", { class: "figures" }, known.map((status) => element("div", { class: status },
    element("dt", {}, status),
    element("dd", { class: "figure" }, estimate(total[status])),
    (total.decided_by ?? []).filter((decision) => decision.status === status).map((decision) => element("dd", { class: "why" }, reason(decision, total, rules))),
  )));
}

/** Which rule decided, and whose figure it is: `a, because b (source)`. */
function reason(decision, total, rules) {
  const meaning = rules[decision.rule] ?? decision.rule;
  const quote = total.evidence.find((one) => one.article_id === decision.article_id);
  if (!quote) return `Why: ${meaning}`;
  return [`Why: ${meaning} (`, quote.url ? outsideLink(quote.url, quote.source ?? "source") : (quote.source ?? "unnamed source"), ")"];
}

function byForce(total) {
  const forces = Object.entries(total.by_force ?? {});
  if (!forces.length) return null;
  const used = STATUSES.filter((status) => forces.some(([, cells]) => cells[status]));
  const head = element("tr", {}, element("th", { scope: "col" }, "Force"), used.map((status) => element("th", { scope: "col", class: "number" }, status)));
  const rows = forces.map(([force, cells]) => element("tr", {},
    element("th", { scope: "row" }, forceName(force)),
    used.map((status) => element("td", { class: "number" }, estimate(cells[status]))),
  ));
  const note = forces.length > 1 ? element("p", { class: "quiet" }, "They explain the figure and need not add up to it.") : null;
  return section("By force", element("table", {}, element("thead", {}, head), element("tbody", {}, rows)), note);
}

function operations(list) {
  if (!list || list.length < 2) return null; // the figures above are the one operation
  return element("ol", { class: "operations" }, list.toReversed().map((operation) => element("li", {},
    element("p", {}, STATUSES.filter((status) => operation[status]).map((status) => `${status} ${estimate(operation[status])}`).join(", ") || "no figure"),
    element("p", { class: "quiet" }, span(operation), operation.background ? ", known from later articles only" : ""),
  )));
}

function span({ start, end, reports }) {
  const days = start === null ? "undated" : start === end ? start : `${start} to ${end}`;
  return `${days}, ${count(reports)} ${reports === 1 ? "report" : "reports"}`;
}

function cutNote(total) {
  if (!total.timeline || (total.timeline_count ?? 0) <= total.timeline.length) return null;
  return element("p", { class: "quiet" }, `The last ${total.timeline.length} of ${count(total.timeline_count)} days with reports.`);
}

function evidence(total) {
  if (!total.evidence) return element("p", { class: "notice" }, "Forces and quotes are kept of what stands now: move the slider to its end to see them.");
  if (!total.evidence.length) return null;
  const cut = total.evidence_count > total.evidence.length ? element("p", { class: "quiet" }, `The best supported ${total.evidence.length} of ${count(total.evidence_count)}.`) : null;
  return section("Evidence", cut, element("ol", { class: "evidence" }, total.evidence.map(quoteItem)));
}

function quoteItem(quote) {
  const pieces = marked(quote.quote, quote.words ?? numberIn(quote)).map((piece) => (piece.marked ? element("mark", {}, piece.text) : piece.text));
  const title = quote.title || quote.url || quote.article_id;
  return element("li", {},
    element("blockquote", {}, pieces),
    element("p", { class: "quiet" },
      element("span", { class: `status ${quote.status}` }, `${quote.status} ${stated(quote.low, quote.high)}`), " · ",
      [quote.source, quote.date].filter(Boolean).join(", "), " · ",
      quote.url ? outsideLink(quote.url, title) : title,
    ),
  );
}

/** The number as newspapers write it, for totals of an older Muster that do not say which words state it. */
function numberIn(quote) {
  const number = quote.low ?? quote.high;
  return number === null ? null : [count(number), String(number)].find((text) => quote.quote.includes(text));
}

function section(title, ...content) {
  const kept = content.filter(Boolean);
  return kept.length ? element("section", {}, element("h3", {}, title), ...kept) : null;
}
