// The map: circles over a base, moved by pointer, wheel, touch and keys.
//
// Both are drawn a little beyond the view. While the map moves, the drawings are only shifted and scaled; they are drawn
// anew when the movement pauses or has used up the margin. So a frame costs the same with one city or 20,000.

import { drawBase, drawCircles, radiusOf } from "./drawing.js";
import { gestures } from "./gestures.js";
import { worldPaths } from "./projection.js";

const REACH_PIXELS = 6; // how far beside a small circle still means it
const FRAME_PIXELS = 60; // kept free around what is shown
const ZOOM_MAX = 700; // times the view of the whole world: a city then fills the map
const ZOOM_FIT_MAX = 40;
const WORLD = { left: 0, right: 1, top: 0.12, bottom: 0.72 }; // without the empty ends
const MARGIN = 0.3; // of the view's width and height, drawn beyond it on each side
const [STRETCH_MIN, STRETCH_MAX] = [1 / (1 + 2 * MARGIN), 2.5]; // a drawing scaled further is drawn anew
const PAUSE_MS = 120;

export class CityMap {
  #paths = null;
  #spots = []; // {place, x, y} in projected units, the greatest first
  #look = { x: 0.5, y: 0.42, scale: 1000 }; // middle of the view in projected units, pixels a unit
  #drawn = null; // the look that is on the canvases
  #least = 1000;
  #largest = 1;
  #selected = null;
  #stale = { base: true, circles: true };
  #frame = null;
  #pause = null;

  /** `onSelect(key)` is called for a click on a circle, `onPoint(place, x, y)` for a place under the pointer or null. */
  constructor(view, base, circles, { onSelect, onPoint }) {
    Object.assign(this, { view, base, circles, onSelect, onPoint });
    this.#readColours();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      this.#readColours();
      this.#redraw({ base: true });
    });
    new ResizeObserver(() => this.#resize()).observe(view);
    gestures(view, {
      pan: (right, down) => this.pan(right, down),
      zoom: (factor, left, top) => this.zoom(factor, left, top),
      fit: () => this.fit(),
      press: (left, top) => this.#press(left, top),
      point: (left, top) => this.#point(left, top),
      leave: () => this.onPoint(null, 0, 0),
    });
    this.#resize();
  }

  setWorld(world) {
    this.#paths = worldPaths(world);
    this.#redraw({ base: true });
  }

  /** Show these places: {row, planned, deployed, withdrawn, size}, the greatest first; rows have projected x and y. */
  setPlaces(places) {
    this.#largest = places.length ? Math.max(1, places[0].size) : 1;
    this.#spots = places
      .filter(({ row }) => row.lat !== null && row.lon !== null)
      .map((place) => ({ place, x: place.row.x, y: place.row.y }));
    // A movement under way is finished with what is drawn; its pause draws the new places.
    if (this.#pause === null) this.#redraw({});
  }

  select(key) {
    this.#selected = key;
    this.#redraw({});
  }

  /** Whether somebody moves the map just now. */
  get moving() {
    return this.#pause !== null;
  }

  /** Bring a place into view when it is outside. */
  reveal(row) {
    if (row.lat === null || row.lon === null) return;
    const { x, y } = row;
    const [left, top] = this.#toPixels(x, y);
    const inside = left > FRAME_PIXELS && top > FRAME_PIXELS && left < this.width - FRAME_PIXELS && top < this.height - FRAME_PIXELS;
    if (!inside) this.#move({ x, y, scale: Math.max(this.#look.scale, this.#least * 8) });
  }

  /** Show all places, or the world when there are none. */
  fit() {
    const box = { left: 1, right: 0, top: 1, bottom: 0 };
    for (const { x, y } of this.#spots) {
      [box.left, box.right] = [Math.min(box.left, x), Math.max(box.right, x)];
      [box.top, box.bottom] = [Math.min(box.top, y), Math.max(box.bottom, y)];
    }
    const { left, right, top, bottom } = this.#spots.length ? box : WORLD;
    const scale = Math.min(
      (this.width - 2 * FRAME_PIXELS) / Math.max(right - left, 1e-6),
      (this.height - 2 * FRAME_PIXELS) / Math.max(bottom - top, 1e-6),
    );
    this.#move({ x: (left + right) / 2, y: (top + bottom) / 2, scale: Math.min(scale, this.#least * ZOOM_FIT_MAX) });
  }

  /** Zoom by a factor around a point of the view, its middle by default. */
  zoom(factor, left = this.width / 2, top = this.height / 2) {
    const scale = Math.max(this.#least, Math.min(this.#least * ZOOM_MAX, this.#look.scale * factor));
    const [x, y] = [this.#look.x + (left - this.width / 2) / this.#look.scale, this.#look.y + (top - this.height / 2) / this.#look.scale];
    this.#move({ x: x + (this.width / 2 - left) / scale, y: y + (this.height / 2 - top) / scale, scale });
  }

  pan(pixelsRight, pixelsDown) {
    const { x, y, scale } = this.#look;
    this.#move({ x: x + pixelsRight / scale, y: y + pixelsDown / scale, scale });
  }

  #move({ x, y, scale }) {
    this.#look = { x: Math.max(0, Math.min(1, x)), y: Math.max(0.05, Math.min(0.85, y)), scale: Math.max(this.#least, scale) };
    const { right, down, stretch } = this.#shift();
    const used = Math.abs(right) > MARGIN * this.width * stretch || Math.abs(down) > MARGIN * this.height * stretch;
    if (!this.#drawn || used || stretch > STRETCH_MAX || stretch < STRETCH_MIN) return this.#redraw({ base: true });
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => this.#redraw({ base: true }), PAUSE_MS);
    const moved = `translate(${right}px, ${down}px) scale(${stretch})`;
    for (const canvas of [this.base, this.circles]) canvas.style.transform = moved;
  }

  /** From what is drawn to what is to be seen: pixels, and the factor around the middle. */
  #shift() {
    const [from, to] = [this.#drawn ?? this.#look, this.#look];
    return { right: (from.x - to.x) * to.scale, down: (from.y - to.y) * to.scale, stretch: to.scale / from.scale };
  }

  /** Draw in the next frame, once, whatever has changed until then. */
  #redraw({ base = false }) {
    this.#stale = { base: this.#stale.base || base, circles: true };
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = null;
      clearTimeout(this.#pause);
      this.#pause = null;
      if (!this.#stale.base && this.#drawn !== this.#look) this.#stale.base = true; // both show the same look
      this.#drawn = this.#look;
      const sheet = this.#sheet();
      if (this.#stale.base) drawBase(this.base, sheet, this.#paths, this.colours);
      drawCircles(this.circles, sheet, this.#spots, { ...this.#sizes(), colours: this.colours, selected: this.#selected });
      for (const canvas of [this.base, this.circles]) canvas.style.transform = "none";
      this.#stale = { base: false, circles: false };
    });
  }

  /** The drawn area: the look, its size in pixels with the margins, and the device's pixels in one of ours. */
  #sheet() {
    return { ...this.#drawn, width: this.width * (1 + 2 * MARGIN), height: this.height * (1 + 2 * MARGIN), ratio: this.ratio };
  }

  #sizes() {
    return { largest: this.#largest, grown: Math.min(1.6, (this.#look.scale / this.#least) ** 0.15) };
  }

  #resize() {
    const { clientWidth, clientHeight } = this.view;
    if (!clientWidth || !clientHeight) return;
    const zoomed = this.#look.scale / this.#least;
    [this.width, this.height, this.ratio] = [clientWidth, clientHeight, Math.min(2, devicePixelRatio || 1)];
    for (const canvas of [this.base, this.circles]) {
      const [width, height] = [clientWidth * (1 + 2 * MARGIN), clientHeight * (1 + 2 * MARGIN)];
      [canvas.width, canvas.height] = [Math.round(width * this.ratio), Math.round(height * this.ratio)];
      Object.assign(canvas.style, { width: `${width}px`, height: `${height}px`, left: `${-MARGIN * clientWidth}px`, top: `${-MARGIN * clientHeight}px` });
    }
    this.#least = Math.max(clientWidth, clientHeight / (WORLD.bottom - WORLD.top) / 1.6);
    this.#drawn = null;
    this.#move({ ...this.#look, scale: this.#least * zoomed });
  }

  #readColours() {
    const style = getComputedStyle(document.documentElement);
    const names = ["sea", "land", "border", "deployed", "planned", "withdrawn", "text"];
    this.colours = Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
  }

  #toPixels(x, y) {
    return [(x - this.#look.x) * this.#look.scale + this.width / 2, (y - this.#look.y) * this.#look.scale + this.height / 2];
  }

  /** The smallest circle at a point of the view: it is drawn over the larger ones. */
  #at(left, top) {
    const { largest, grown } = this.#sizes();
    for (let index = this.#spots.length - 1; index >= 0; index--) {
      const { place, x, y } = this.#spots[index];
      const [px, py] = this.#toPixels(x, y);
      const reach = Math.max(REACH_PIXELS, radiusOf(place.size, largest, grown) + 2);
      if ((px - left) ** 2 + (py - top) ** 2 <= reach ** 2) return place;
    }
    return null;
  }

  #press(left, top) {
    const place = this.#at(left, top);
    if (place) this.onSelect(place.row.key);
  }

  #point(left, top) {
    const place = this.#at(left, top);
    this.view.classList.toggle("pointing", place !== null);
    this.onPoint(place, left, top);
  }
}
