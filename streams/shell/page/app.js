// The composition root: wires the worker's data to the parts of the page.

import { Client, RequestError } from "./client.js";
import { byId, element } from "./dom.js";
import { News, Table } from "./lists.js";
import { CityMap } from "./map.js";
import { showConnection, showPulse, say } from "./connection.js";
import { placeContent, placeTitle } from "./panel.js";
import { PastSlider } from "./past.js";
import { Places } from "./state.js";
import { count, countryName, estimate, forceName } from "./words.js";

const RENDER_EVERY_MS = 300; // a stream of changes must not rebuild the page at every message

const now = new Places();
const client = new Client(askToken);
const map = new CityMap(byId("view"), byId("base"), byId("circles"), { onSelect: select, onPoint: showHint });
const table = new Table(document.querySelector("table"), byId("rows"), byId("table-summary"), select);
const news = new News(byId("news"), byId("no-news"), select);
const slider = new PastSlider(showDay);
const page = { places: now, rules: {}, selected: null, loaded: false, early: [], fitted: false, renderTimer: null };

start();

async function start() {
  wireFilters();
  wireButtons();
  window.addEventListener("hashchange", () => openFromAddress());
  fetch("page/world.json").then((answer) => answer.json()).then((world) => map.setWorld(world));
  client.follow({ state: showConnection, reset: load, totals: onTotals, events: ({ events }) => news.add(events), pulse: showPulse });
}

/** Everything anew: at the start, and whenever the stream says that changes were missed. */
async function load() {
  page.loaded = false;
  page.early = [];
  try {
    const [rules, { rows, first_day: firstDay }, { events }] = await Promise.all([client.get("rules"), client.get("map"), client.get("events")]);
    page.rules = rules;
    now.load(rows);
    page.early.forEach((change) => now.apply(change)); // they came while the rows were on their way
    page.loaded = true;
    news.load(events);
    page.firstDay = firstDay;
  } catch (error) {
    notice(error instanceof RequestError ? `The worker answers with an error: ${error.message}` : "The worker does not answer.");
    return;
  }
  render();
  openFromAddress({ again: true });
}

function onTotals(change) {
  if (!page.loaded) {
    page.early.push(change);
    return;
  }
  now.apply(change);
  page.renderTimer ??= setTimeout(renderWhenStill, RENDER_EVERY_MS);
  const changed = change.rows.find((row) => row.key === page.selected);
  if (slider.day !== null) return;
  if (changed || change.gone.includes(page.selected)) refreshPlace({ announce: true });
}

/** A map that somebody moves is not held up: what has changed is shown when the hand rests. */
function renderWhenStill() {
  page.renderTimer = map.moving ? setTimeout(renderWhenStill, RENDER_EVERY_MS) : null;
  if (page.renderTimer === null) render();
}

/** Show a day of the past, or what stands now. */
async function showDay(day) {
  byId("filter-force").disabled = day !== null; // the past is known of all forces together only
  try {
    const past = day === null ? null : new Places();
    past?.load((await client.get(`map?as_of=${day}`)).rows);
    if (slider.day !== day) return; // the slider has moved on
    page.places = past ?? now;
  } catch {
    notice("That day cannot be read now.");
    return;
  }
  readFilters();
  say(day === null ? "Showing what stands now" : `Showing what stood on ${day}`);
  if (page.selected) refreshPlace({});
}

function render() {
  const { places } = page;
  slider.setDays(page.firstDay ?? null, now.newestDay);
  const shown = places.shown;
  map.setPlaces(shown);
  if (!page.fitted && shown.length) {
    map.fit();
    page.fitted = true;
  }
  if (!places.size) notice("No place has a figure yet. Feed articles: muster feed FILE...");
  else notice(shown.length ? "" : "No place fits these filters.");
  table.show(shown, places.size, page.selected);
  offerChoices();
}

function notice(text) {
  const shown = byId("notice");
  if (shown.textContent !== text) shown.textContent = text;
  shown.hidden = text === "";
}

// One place

function select(key) {
  if (location.hash.slice(1) === encodeURIComponent(key)) openFromAddress({ again: true, focus: true });
  else location.hash = encodeURIComponent(key); // so that it can be sent to a colleague, and Back works
}

/** The place key in the address, null for none; undefined when it points to a part of the page. */
function placeInAddress() {
  const part = location.hash.slice(1);
  if (part === "") return null;
  const [, key] = /^((?:city|region|country|multi)(?:%3A|:).+)$/.exec(part) ?? [];
  try {
    return key && decodeURIComponent(key);
  } catch {
    return undefined; // not what this page writes
  }
}

function openFromAddress({ again = false, focus = !again } = {}) {
  const key = placeInAddress();
  if (key === undefined || (key === page.selected && !again)) return;
  page.selected = key;
  map.select(key);
  const row = key && page.places.get(key);
  if (row) map.reveal(row);
  table.show(page.places.shown, page.places.size, key);
  byId("place-section").hidden = key === null;
  if (key === null) return;
  refreshPlace({}).then(() => focus && showPanel());
}

function showPanel() {
  const panel = byId("place-section");
  panel.focus({ preventScroll: true });
  panel.scrollIntoView({ block: "start" });
}

async function refreshPlace({ announce = false }) {
  const [key, day] = [page.selected, slider.day];
  const path = key.startsWith("city:") ? `cities/${encodeURIComponent(key.slice(5))}` : `regions/${encodeURIComponent(key)}`;
  try {
    const total = await client.get(day === null ? path : `${path}?as_of=${day}`);
    if (key !== page.selected || day !== slider.day) return; // another one was asked for meanwhile
    byId("place-title").textContent = placeTitle(total);
    byId("place").replaceChildren(...placeContent(total, page.rules));
    if (announce) say(`${placeTitle(total)} has changed: planned ${estimate(total.planned)}, deployed ${estimate(total.deployed)}`);
  } catch (error) {
    if (key !== page.selected) return;
    byId("place-title").textContent = now.get(key)?.name ?? "Place";
    byId("place").replaceChildren(element("p", { class: "notice" }, whyMissing(error, day)));
  }
}

function whyMissing(error, day) {
  if (!(error instanceof RequestError) || error.status !== 404) return "This place cannot be read now.";
  return day === null ? "No report names this place, or all were withdrawn." : `No report of this place is known from ${day} or before.`;
}

function showHint(place, left, top) {
  const hint = byId("hint");
  hint.hidden = place === null;
  if (!place) return;
  const figures = [["planned", place.planned], ["deployed", place.deployed], ["withdrawn", place.withdrawn]];
  hint.textContent = `${place.row.name}: ${figures.filter(([, figure]) => figure !== null).map(([status, figure]) => `${status} ${count(figure)}`).join(", ")}`;
  hint.style.left = `${left + 14}px`;
  hint.style.top = `${top + 14}px`;
}

// Filters

function wireFilters() {
  const form = byId("filters");
  form.addEventListener("input", readFilters);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => {
    slider.reset(); // the form has put back its fields only now, and the slider to its left end
    readFilters();
  }));
}

function readFilters() {
  page.places.filter({
    name: byId("filter-name").value,
    status: byId("filter-status").value,
    force: slider.day === null ? byId("filter-force").value : "",
    country: byId("filter-country").value,
    minimum: Number(byId("filter-minimum").value) || 0,
  });
  render();
}

/** The countries and forces that occur, without touching a list that somebody has open. */
function offerChoices() {
  const { countries, forces } = now.choices();
  const named = countries.map((code) => [code, countryName(code)]).sort((a, b) => a[1].localeCompare(b[1]));
  fill(byId("filter-country"), named);
  fill(byId("filter-force"), forces.map((force) => [force, forceName(force)]));
}

function fill(list, choices) {
  const wanted = ["", ...choices.map(([value]) => value)].join();
  if (list === document.activeElement || [...list.options].map((option) => option.value).join() === wanted) return;
  const chosen = list.value;
  list.replaceChildren(element("option", { value: "" }, "any"), ...choices.map(([value, text]) => element("option", { value }, text)));
  list.value = chosen;
}

function wireButtons() {
  byId("zoom-in").addEventListener("click", () => map.zoom(2));
  byId("zoom-out").addEventListener("click", () => map.zoom(0.5));
  byId("zoom-all").addEventListener("click", () => map.fit());
  const close = () => {
    history.pushState(null, "", location.pathname + location.search);
    openFromAddress();
    byId("view").focus();
  };
  byId("close-place").addEventListener("click", close);
  byId("place-section").addEventListener("keydown", (event) => event.key === "Escape" && close());
}

// The token

/** Resolves to the token that a person types. */
function askToken(wrong) {
  const dialog = byId("token-dialog");
  byId("token-problem").textContent = wrong ? "That token was refused." : "";
  byId("token").value = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("cancel", (event) => event.preventDefault());
    dialog.addEventListener("close", () => resolve(byId("token").value.trim()), { once: true });
  });
}
