// The composition root: wires the worker's data to the parts of the page.

import { Client, RequestError } from "./client.js";
import { byId, element } from "./dom.js";
import { News, Table } from "./lists.js";
import { CityMap } from "./map.js";
import { placeContent, placeTitle } from "./panel.js";
import { NO_FILTERS, Places } from "./state.js";
import { count, countryName, duration, estimate, forceName } from "./words.js";

const BEHIND_SECONDS_SHOWN = 5;
const RENDER_EVERY_MS = 300; // a stream of changes must not rebuild the page at every message

const places = new Places();
const client = new Client(askToken);
const map = new CityMap(byId("view"), byId("base"), byId("circles"), { onSelect: select, onPoint: showHint });
const table = new Table(document.querySelector("table"), byId("rows"), byId("table-summary"), select);
const news = new News(byId("news"), byId("no-news"), select);
const page = { rules: {}, selected: null, loaded: false, early: [], fitted: false, renderTimer: null };

start();

async function start() {
  wireFilters();
  wireButtons();
  window.addEventListener("hashchange", () => openFromAddress());
  fetch("page/world.json").then((answer) => answer.json()).then((world) => map.setWorld(world));
  client.follow({ state: showConnection, reset: load, totals: onTotals, events: ({ events }) => news.add(events), pulse: onPulse });
}

/** Everything anew: at the start, and whenever the stream says that changes were missed. */
async function load() {
  page.loaded = false;
  page.early = [];
  try {
    const [rules, { rows }, { events }] = await Promise.all([client.get("rules"), client.get("map"), client.get("events")]);
    page.rules = rules;
    places.load(rows);
    page.early.forEach((change) => places.apply(change)); // they came while the rows were on their way
    page.loaded = true;
    news.load(events);
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
  places.apply(change);
  page.renderTimer ??= setTimeout(() => {
    page.renderTimer = null;
    render();
  }, RENDER_EVERY_MS);
  const changed = change.rows.find((row) => row.key === page.selected);
  if (changed || change.gone.includes(page.selected)) refreshPlace({ announce: true });
}

function render() {
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

function openFromAddress({ again = false, focus = !again } = {}) {
  const key = decodeURIComponent(location.hash.slice(1)) || null;
  if (key === page.selected && !again) return;
  page.selected = key;
  map.select(key);
  const row = key && places.get(key);
  if (row) map.reveal(row);
  table.show(places.shown, places.size, key);
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
  const key = page.selected;
  try {
    const total = await client.get(key.startsWith("city:") ? `cities/${encodeURIComponent(key.slice(5))}` : `regions/${encodeURIComponent(key)}`);
    if (key !== page.selected) return; // another one was opened meanwhile
    byId("place-title").textContent = placeTitle(total);
    byId("place").replaceChildren(...placeContent(total, page.rules));
    if (announce) say(`${placeTitle(total)} has changed: planned ${estimate(total.planned)}, deployed ${estimate(total.deployed)}`);
  } catch (error) {
    if (key !== page.selected) return;
    const gone = error instanceof RequestError && error.status === 404;
    byId("place-title").textContent = places.get(key)?.name ?? "Place";
    byId("place").replaceChildren(element("p", { class: "notice" }, gone ? "No report names this place, or all were withdrawn." : "This place cannot be read now."));
  }
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
  const read = () => {
    places.filter({
      name: byId("filter-name").value,
      status: byId("filter-status").value,
      force: byId("filter-force").value,
      country: byId("filter-country").value,
      minimum: Number(byId("filter-minimum").value) || 0,
    });
    render();
  };
  form.addEventListener("input", read);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => {
    places.filter(NO_FILTERS);
    render();
  });
}

/** The countries and forces that occur, without touching a list that somebody has open. */
function offerChoices() {
  const { countries, forces } = places.choices();
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

// The connection

function showConnection({ name, retrySeconds }) {
  if (name === "live") connection("live", "Live");
  else connection("disconnected", `Disconnected, trying again in ${duration(retrySeconds)}`);
}

function onPulse({ behind_seconds: seconds, lag_records: records }) {
  if (seconds === null) connection("behind", "Behind: Kafka does not say how far");
  else if (seconds >= BEHIND_SECONDS_SHOWN) connection("behind", `Behind by ${duration(seconds)} (${count(records)} records)`);
  else connection("live", "Live");
}

/** Seen always; said only when the state is another one, since a count of seconds would talk without end. */
function connection(state, text) {
  const shown = byId("connection");
  byId("connection-text").textContent = text;
  if (shown.dataset.state === state) return;
  shown.dataset.state = state;
  say(text);
}

function say(text) {
  byId("announcer").textContent = text;
}

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
