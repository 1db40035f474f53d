// The slider that looks back: one step a day, its right end is now.

import { byId } from "./dom.js";

const DAY_MS = 86_400_000;
const SETTLE_MS = 200; // a slider that is dragged asks for the days where it rests

export class PastSlider {
  #first = null;
  #timer = null;
  day = null; // as YYYY-MM-DD; null is now

  /** `onChange(day)` is called with the day that is chosen, null for now. */
  constructor(onChange) {
    this.onChange = onChange;
    this.slider = byId("filter-as-of");
    this.slider.addEventListener("input", (event) => {
      event.stopPropagation(); // it is no filter of what is here, but other data
      this.#show();
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#settle(), SETTLE_MS);
    });
  }

  /** From the first to the last day that brought a report, then now. Keeps the day that is chosen. */
  setDays(first, last) {
    byId("as-of-control").hidden = first === null || last === null;
    if (first === null || last === null) return;
    const days = Math.round((Date.parse(last) - Date.parse(first)) / DAY_MS) + 1;
    if (first === this.#first && String(days) === this.slider.max) return;
    this.#first = first;
    this.slider.max = String(days);
    this.slider.value = String(this.day === null ? days : Math.round((Date.parse(this.day) - Date.parse(first)) / DAY_MS));
    this.#show();
  }

  reset() {
    this.slider.value = this.slider.max;
    this.#show();
    this.#settle();
  }

  #chosen() {
    const steps = Number(this.slider.value);
    if (this.#first === null || steps >= Number(this.slider.max)) return null;
    return new Date(Date.parse(this.#first) + steps * DAY_MS).toISOString().slice(0, 10);
  }

  #show() {
    const text = this.#chosen() ?? "now";
    byId("as-of-text").textContent = text;
    this.slider.setAttribute("aria-valuetext", text);
  }

  #settle() {
    const day = this.#chosen();
    if (day === this.day) return;
    this.day = day;
    this.onChange(day);
  }
}
