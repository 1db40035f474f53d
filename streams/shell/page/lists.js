// The table, which is the map for whoever does not see it, and the newest events.

import { element } from "./dom.js";
import { STATUSES, count, countryName, forceName, marked, moment, stated } from "./words.js";

const ROWS_MAX = 200;
const NEWS_MAX = 40;

/** Places as rows; its headers sort. */
export class Table {
  #places = [];
  #column = "size";
  #rising = false;

  /** `onSelect(key)` is called when a row's button is pressed. */
  constructor(table, body, summary, onSelect) {
    this.body = body;
    this.summary = summary;
    this.onSelect = onSelect;
    this.headers = [...table.querySelectorAll("th")];
    for (const header of this.headers) header.querySelector("button").addEventListener("click", () => this.#sortBy(header.dataset.column));
  }

  show(places, total, selected) {
    this.#places = places;
    this.#render(total, selected);
  }

  #sortBy(column) {
    this.#rising = this.#column === column ? !this.#rising : column === "name";
    this.#column = column;
    for (const header of this.headers) {
      const sorted = header.dataset.column === column;
      header.setAttribute("aria-sort", sorted ? (this.#rising ? "ascending" : "descending") : "none");
    }
    this.#render();
  }

  #render(total = this.total, selected = this.selected) {
    [this.total, this.selected] = [total, selected];
    const focused = document.activeElement?.dataset?.key;
    const rows = this.#sorted().slice(0, ROWS_MAX).map((place) => this.#row(place, place.row.key === selected));
    this.body.replaceChildren(...rows);
    if (focused) this.body.querySelector(`button[data-key="${CSS.escape(focused)}"]`)?.focus();
    const all = this.#places.length;
    const cut = all > ROWS_MAX ? ` The first ${ROWS_MAX} are listed: filter to see others.` : "";
    this.summary.textContent = `${count(all)} of ${count(total)} places have such a figure.${cut}`;
  }

  #sorted() {
    if (this.#column === "size") return this.#places; // the order in which they come
    const value = STATUSES.includes(this.#column) ? (place) => place[this.#column] : (place) => place.row[this.#column];
    const order = this.#rising ? 1 : -1;
    return this.#places.toSorted((a, b) => {
      const [x, y] = [value(a), value(b)];
      if (x === null || y === null) return (x === null) - (y === null); // what is unknown comes last, always
      return order * (typeof x === "number" ? x - y : x.localeCompare(y));
    });
  }

  #row({ row, planned, deployed, withdrawn }, selected) {
    const where = [row.admin1, countryName(row.country)].filter(Boolean).join(", ");
    const open = element("button", { type: "button", class: "link", "data-key": row.key, click: () => this.onSelect(row.key) }, row.name);
    return element("tr", { class: selected ? "selected" : null },
      element("th", { scope: "row" }, open, element("span", { class: "quiet" }, ` ${where}`)),
      ...[planned, deployed, withdrawn].map((figure) => element("td", { class: "number" }, count(figure))),
      element("td", { class: "wide number" }, count(row.reports)),
      element("td", { class: "wide" }, row.as_of ?? "–"),
    );
  }
}

/** The newest events, the last one first. */
export class News {
  #ids = new Set();

  constructor(list, empty, onSelect) {
    this.list = list;
    this.empty = empty;
    this.onSelect = onSelect;
  }

  /** Replace all of them; `events` come with the newest last. */
  load(events) {
    this.#ids.clear();
    this.list.replaceChildren();
    this.add(events);
  }

  add(events) {
    for (const event of events) {
      if (this.#ids.has(event.event_id)) continue;
      this.#ids.add(event.event_id);
      this.list.prepend(this.#item(event));
    }
    while (this.list.children.length > NEWS_MAX) this.list.lastElementChild.remove();
    this.empty.hidden = this.list.children.length > 0;
  }

  #item(event) {
    const open = element("button", { type: "button", class: "link", click: () => this.onSelect(event.key) }, event.name);
    const number = event.low === null && event.high === null ? event.text : stated(event.low, event.high);
    const force = event.force === "unspecified" ? "" : ` ${forceName(event.force)}`;
    const quote = marked(event.quote, event.text).map((piece) => (piece.marked ? element("mark", {}, piece.text) : piece.text));
    return element("li", {},
      element("p", {}, open, ` ${number}${force}, `, element("span", { class: `status ${event.status}` }, event.historical ? `${event.status}, background` : event.status)),
      element("blockquote", {}, quote),
      element("p", { class: "quiet" }, [event.source, moment(event.published_at ?? event.at)].filter(Boolean).join(", ")),
    );
  }
}
