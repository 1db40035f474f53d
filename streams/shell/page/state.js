// What is known and what is asked for. No DOM: a list of rows in, what the filters leave out.

import { project } from "./projection.js";
import { STATUSES, folded } from "./words.js";

const NO_FILTERS = { name: "", status: "", force: "", country: "", minimum: 0 };

/** All places by key, and the ones that the filters leave. */
export class Places {
  #rows = new Map();
  #shown = null;
  filters = { ...NO_FILTERS };

  /** Replace everything. */
  load(rows) {
    this.#rows = new Map(rows.map((row) => [row.key, prepared(row)]));
    this.#shown = null;
  }

  /** Take over changed rows and drop those that are gone. */
  apply({ rows, gone }) {
    for (const row of rows) this.#rows.set(row.key, prepared(row));
    for (const key of gone) this.#rows.delete(key);
    this.#shown = null;
  }

  filter(filters) {
    this.filters = { ...this.filters, ...filters };
    this.#shown = null;
  }

  get size() {
    return this.#rows.size;
  }

  /** The date of the newest report of any place, as YYYY-MM-DD; null without one. */
  get newestDay() {
    let newest = null;
    for (const { as_of: day } of this.#rows.values()) if (day !== null && (newest === null || day > newest)) newest = day;
    return newest;
  }

  get(key) {
    return this.#rows.get(key);
  }

  /** The places that the filters leave, the greatest figure first: {row, planned, deployed, withdrawn, size}. */
  get shown() {
    this.#shown ??= this.#selected();
    return this.#shown;
  }

  /** The countries and forces that occur, sorted. */
  choices() {
    const [countries, forces] = [new Set(), new Set()];
    for (const row of this.#rows.values()) {
      if (row.country) countries.add(row.country);
      for (const force of Object.keys(row.forces)) forces.add(force);
    }
    return { countries: [...countries].sort(), forces: [...forces].sort() };
  }

  #selected() {
    const name = folded(this.filters.name);
    const found = [];
    for (const row of this.#rows.values()) {
      if (this.filters.country && row.country !== this.filters.country) continue;
      if (name && !row.folded.includes(name)) continue;
      const figures = this.#figures(row);
      if (figures && figures.size >= this.filters.minimum) found.push({ row, ...figures });
    }
    return found.sort((a, b) => b.size - a.size || (a.row.key < b.row.key ? -1 : 1));
  }

  /** The figures of a row that the filters ask for; null when there is none. */
  #figures(row) {
    const { status, force } = this.filters;
    const best = force ? row.forces[force] : row.best;
    if (!best) return null;
    const kept = best.map((figure, index) => (!status || STATUSES[index] === status ? figure : null));
    const known = kept.filter((figure) => figure !== null);
    if (!known.length) return null;
    const [planned, deployed, withdrawn] = kept;
    return { planned, deployed, withdrawn, size: Math.max(...known) };
  }
}

/** With what each look at the row would compute again. */
function prepared(row) {
  const [x, y] = row.lat === null || row.lon === null ? [null, null] : project(row.lon, row.lat);
  return { ...row, folded: folded(row.name), x, y };
}
