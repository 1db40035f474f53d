// The map: circles over a base, moved by pointer, wheel, touch and keys.
//
// Both are drawn a little beyond the view. While the map moves, the drawings are only shifted and scaled; they are drawn
// anew when the movement pauses or has used up the margin: the base at once, the circles out of sight, some in each frame,
// and shown when they are complete. So a frame costs the same with one city or 20,000.

import { CirclesDrawing, drawBase, radiusOf } from "./drawing.js";
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
const STEP_MS = 6; // of a frame, for circles
const [STEP_MIN, STEP_MAX] = [100, 20_000]; // circles in a frame

export class CityMap {
  #paths = null;
  #spots = []; // {place, x, y} in projected units, the greatest first
  #look = { x: 0.5, y: 0.42, scale: 1000 }; // middle of the view in projected units, pixels a unit
  #drawn = { base: null, circles: null }; // the look that is on each canvas
  #drawing = null; // circles under way: {look, steps}
  #beside = new OffscreenCanvas(1, 1); // where they are drawn
  #step = 300; // circles in the next frame, by how long they took in the last one
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
    if (this.#isOutworn(this.#drawn.base) || (this.#isOutworn(this.#drawn.circles) && !this.#drawing)) {
      return this.#redraw({ base: true });
    }
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => this.#redraw({ base: true }), PAUSE_MS);
    this.#place();
  }

  /** Whether a drawing of this look has nothing to show at an edge by now, or is scaled too far. */
  #isOutworn(look) {
    if (!look) return true;
    const { right, down, stretch } = this.#shift(look);
    const used = Math.abs(right) > MARGIN * this.width * stretch || Math.abs(down) > MARGIN * this.height * stretch;
    return used || stretch > STRETCH_MAX || stretch < STRETCH_MIN;
  }

  /** Put the drawings where they belong in the present look. */
  #place() {
    for (const layer of ["base", "circles"]) {
      if (!this.#drawn[layer]) continue;
      const { right, down, stretch } = this.#shift(this.#drawn[layer]);
      this[layer].style.transform = stretch === 1 && !right && !down ? "none" : `translate(${right}px, ${down}px) scale(${stretch})`;
    }
  }

  /** From a look that is drawn to what is to be seen: pixels, and the factor around the middle. */
  #shift(from) {
    const to = this.#look;
    return { right: (from.x - to.x) * to.scale, down: (from.y - to.y) * to.scale, stretch: to.scale / from.scale };
  }

  /** Draw from the next frame on, once, whatever has changed until then. */
  #redraw({ base = false }) {
    this.#stale = { base: this.#stale.base || base, circles: true };
    this.#frame ??= requestAnimationFrame(() => this.#draw());
  }

  #draw() {
    this.#frame = null;
    // Circles under way are finished first, whatever came meanwhile: else a long movement would never see any.
    if (this.#stale.circles && !this.#drawing) {
      clearTimeout(this.#pause);
      this.#pause = null;
      this.#stale = { base: this.#stale.base || this.#drawn.base !== this.#look, circles: false }; // both show one look
      this.#drawing = this.#beginCircles();
    }
    if (this.#stale.base) {
      this.#stale.base = false;
      drawBase(this.base, this.#sheet(this.#look), this.#paths, this.colours);
      this.#drawn.base = this.#look;
    }
    if (this.#drawing) this.#continueCircles();
    this.#place();
    if (this.#drawing || this.#stale.circles) this.#frame ??= requestAnimationFrame(() => this.#draw());
  }

  #beginCircles() {
    const how = { ...this.#sizes(), colours: this.colours, selected: this.#selected };
    [this.#beside.width, this.#beside.height] = [this.circles.width, this.circles.height];
    return { look: this.#look, steps: new CirclesDrawing(this.#beside, this.#sheet(this.#look), this.#spots, how) };
  }

  #continueCircles() {
    const started = performance.now();
    const complete = this.#drawing.steps.step(this.#step);
    const context = this.circles.getContext("2d");
    if (complete) {
      context.clearRect(0, 0, this.circles.width, this.circles.height);
      context.drawImage(this.#beside, 0, 0);
      this.#drawn.circles = this.#drawing.look;
      this.#drawing = null;
      return;
    }
    // A browser puts drawing off until somebody looks: so does this, at nothing, in each frame.
    context.drawImage(this.#beside, 0, 0, 1, 1, -1, -1, 1, 1);
    const factor = STEP_MS / Math.max(0.1, performance.now() - started);
    this.#step = Math.max(STEP_MIN, Math.min(STEP_MAX, this.#step * Math.max(0.5, Math.min(2, factor))));
  }

  /** The drawn area: the look, its size in pixels with the margins, and the device's pixels in one of ours. */
  #sheet(look) {
    return { ...look, width: this.width * (1 + 2 * MARGIN), height: this.height * (1 + 2 * MARGIN), ratio: this.ratio };
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
    this.#drawn = { base: null, circles: null };
    this.#drawing = null;
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
