// The map: a base and circles on two canvases, moved by pointer, wheel, touch and keys.
//
// Deployed is a disc, planned a ring around the same point: they are told apart without colour, and never added.

import { project, worldPaths } from "./projection.js";

const RADIUS_MIN = 3;
const RADIUS_MAX = 34;
const REACH_PIXELS = 6; // how far beside a small circle still means it
const MARGIN_PIXELS = 60;
const CLICK_PIXELS_MAX = 5;
const ZOOM_MAX = 700; // times the view of the whole world: a city then fills the map
const ZOOM_FIT_MAX = 40;
const WORLD = { left: 0, right: 1, top: 0.12, bottom: 0.72 }; // without the empty ends

export class CityMap {
  #paths = null;
  #spots = []; // {place, x, y} in projected units, the greatest first
  #view = { x: 0.5, y: 0.42, scale: 1000 }; // centre in projected units, pixels a unit
  #least = 1000;
  #largest = 1;
  #selected = null;
  #pending = false;
  #pointers = new Map();
  #moved = 0;

  /** `onSelect(key)` is called for a click on a circle, `onPoint(place, x, y)` for a place under the pointer or null. */
  constructor(base, circles, { onSelect, onPoint }) {
    this.base = base;
    this.circles = circles;
    this.onSelect = onSelect;
    this.onPoint = onPoint;
    this.#readColours();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      this.#readColours();
      this.#draw();
    });
    new ResizeObserver(() => this.#resize()).observe(circles.parentElement);
    this.#listen();
    this.#resize();
  }

  setWorld(world) {
    this.#paths = worldPaths(world);
    this.#draw();
  }

  /** Show these places: {row, planned, deployed, withdrawn, size}, the greatest first. */
  setPlaces(places) {
    this.#largest = places.length ? Math.max(1, places[0].size) : 1;
    this.#spots = places
      .filter(({ row }) => row.lat !== null && row.lon !== null)
      .map((place) => {
        const [x, y] = project(place.row.lon, place.row.lat);
        return { place, x, y };
      });
    this.#draw();
  }

  select(key) {
    this.#selected = key;
    this.#draw();
  }

  /** Bring a place into view when it is outside. */
  reveal(row) {
    if (row.lat === null || row.lon === null) return;
    const [x, y] = project(row.lon, row.lat);
    const [left, top] = this.#toPixels(x, y);
    const inside = left > MARGIN_PIXELS && top > MARGIN_PIXELS && left < this.#width - MARGIN_PIXELS && top < this.#height - MARGIN_PIXELS;
    if (!inside) this.#look({ x, y, scale: Math.max(this.#view.scale, this.#least * 8) });
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
      (this.#width - 2 * MARGIN_PIXELS) / Math.max(right - left, 1e-6),
      (this.#height - 2 * MARGIN_PIXELS) / Math.max(bottom - top, 1e-6),
    );
    this.#look({ x: (left + right) / 2, y: (top + bottom) / 2, scale: Math.min(scale, this.#least * ZOOM_FIT_MAX) });
  }

  /** Zoom by a factor around a point of the canvas, its middle by default. */
  zoom(factor, left = this.#width / 2, top = this.#height / 2) {
    const scale = Math.max(this.#least, Math.min(this.#least * ZOOM_MAX, this.#view.scale * factor));
    const [x, y] = this.#toUnits(left, top);
    this.#look({ x: x + (this.#width / 2 - left) / scale, y: y + (this.#height / 2 - top) / scale, scale });
  }

  pan(pixelsRight, pixelsDown) {
    const { x, y, scale } = this.#view;
    this.#look({ x: x + pixelsRight / scale, y: y + pixelsDown / scale, scale });
  }

  /** Where a place is drawn, in pixels of the canvas; null when it is not shown. */
  pixelsOf(key) {
    const spot = this.#spots.find(({ place }) => place.row.key === key);
    return spot ? this.#toPixels(spot.x, spot.y) : null;
  }

  #look({ x, y, scale }) {
    const bounded = Math.max(this.#least, scale);
    this.#view = { x: Math.max(0, Math.min(1, x)), y: Math.max(0.05, Math.min(0.85, y)), scale: bounded };
    this.#draw();
  }

  #toPixels(x, y) {
    const view = this.#view;
    return [(x - view.x) * view.scale + this.#width / 2, (y - view.y) * view.scale + this.#height / 2];
  }

  #toUnits(left, top) {
    const view = this.#view;
    return [view.x + (left - this.#width / 2) / view.scale, view.y + (top - this.#height / 2) / view.scale];
  }

  #resize() {
    const { clientWidth, clientHeight } = this.circles.parentElement;
    if (!clientWidth || !clientHeight) return;
    this.ratio = Math.min(2, devicePixelRatio || 1);
    for (const canvas of [this.base, this.circles]) {
      canvas.width = Math.round(clientWidth * this.ratio);
      canvas.height = Math.round(clientHeight * this.ratio);
    }
    [this.#width, this.#height] = [clientWidth, clientHeight];
    const grown = this.#view.scale / this.#least;
    this.#least = Math.max(clientWidth, clientHeight / (WORLD.bottom - WORLD.top) / 1.6);
    this.#look({ ...this.#view, scale: this.#least * grown });
  }

  #width = 1;
  #height = 1;

  #readColours() {
    const style = getComputedStyle(document.documentElement);
    this.colours = Object.fromEntries(
      ["sea", "land", "border", "deployed", "planned", "withdrawn", "text"].map((name) => [name, style.getPropertyValue(`--${name}`).trim()]),
    );
  }

  /** Draw in the next frame, once, whatever has changed until then. */
  #draw() {
    if (this.#pending) return;
    this.#pending = true;
    requestAnimationFrame(() => {
      this.#pending = false;
      this.#drawBase();
      this.#drawCircles();
    });
  }

  #drawBase() {
    const context = this.base.getContext("2d", { alpha: false });
    const { x, y, scale } = this.#view;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = this.colours.sea;
    context.fillRect(0, 0, this.base.width, this.base.height);
    if (!this.#paths) return;
    const zoomed = scale * this.ratio;
    context.setTransform(zoomed, 0, 0, zoomed, (this.#width / 2) * this.ratio - x * zoomed, (this.#height / 2) * this.ratio - y * zoomed);
    context.fillStyle = this.colours.land;
    context.fill(this.#paths.land);
    context.strokeStyle = this.colours.border;
    context.lineWidth = 0.8 / scale;
    context.stroke(this.#paths.borders);
  }

  #radius(size) {
    const grown = Math.min(1.6, (this.#view.scale / this.#least) ** 0.15);
    return Math.max(RADIUS_MIN, RADIUS_MAX * Math.sqrt(Math.max(0, size) / this.#largest)) * grown;
  }

  #drawCircles() {
    const context = this.circles.getContext("2d");
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    context.clearRect(0, 0, this.#width, this.#height);
    const [discs, rings, faint] = [new Path2D(), new Path2D(), new Path2D()];
    let chosen = null;
    for (const { place, x, y } of this.#spots) {
      const [left, top] = this.#toPixels(x, y);
      if (left < -RADIUS_MAX * 2 || top < -RADIUS_MAX * 2 || left > this.#width + RADIUS_MAX * 2 || top > this.#height + RADIUS_MAX * 2) continue;
      if (place.deployed !== null) circle(discs, left, top, this.#radius(place.deployed));
      if (place.planned !== null) circle(rings, left, top, this.#radius(place.planned));
      if (place.deployed === null && place.planned === null) circle(faint, left, top, this.#radius(place.withdrawn));
      if (place.row.key === this.#selected) chosen = [left, top, this.#radius(place.size) + 4];
    }
    context.globalAlpha = 0.72;
    context.fillStyle = this.colours.deployed;
    context.fill(discs);
    context.globalAlpha = 1;
    context.lineWidth = 2;
    context.strokeStyle = this.colours.planned;
    context.stroke(rings);
    context.lineWidth = 1.5;
    context.strokeStyle = this.colours.withdrawn;
    context.stroke(faint);
    if (chosen) {
      context.strokeStyle = this.colours.text;
      context.lineWidth = 2;
      const around = new Path2D();
      circle(around, ...chosen);
      context.stroke(around);
    }
  }

  /** The smallest circle at a point of the canvas: it is drawn over the larger ones. */
  #at(left, top) {
    for (let index = this.#spots.length - 1; index >= 0; index--) {
      const { place, x, y } = this.#spots[index];
      const [px, py] = this.#toPixels(x, y);
      const radius = Math.max(REACH_PIXELS, this.#radius(place.size) + 2);
      if ((px - left) ** 2 + (py - top) ** 2 <= radius ** 2) return place;
    }
    return null;
  }

  #listen() {
    const canvas = this.circles;
    canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      this.zoom(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0018)), event.offsetX, event.offsetY);
    }, { passive: false });
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      this.#pointers.set(event.pointerId, [event.offsetX, event.offsetY]);
      this.#moved = 0;
    });
    canvas.addEventListener("pointermove", (event) => this.#onMove(event));
    for (const name of ["pointerup", "pointercancel"]) {
      canvas.addEventListener(name, (event) => {
        const clicked = name === "pointerup" && this.#pointers.size === 1 && this.#moved <= CLICK_PIXELS_MAX;
        this.#pointers.delete(event.pointerId);
        const place = clicked ? this.#at(event.offsetX, event.offsetY) : null;
        if (place) this.onSelect(place.row.key);
      });
    }
    canvas.addEventListener("pointerleave", () => this.onPoint(null, 0, 0));
    canvas.addEventListener("dblclick", (event) => this.zoom(2, event.offsetX, event.offsetY));
    canvas.addEventListener("keydown", (event) => this.#onKey(event));
  }

  #onMove(event) {
    const before = this.#pointers.get(event.pointerId);
    const now = [event.offsetX, event.offsetY];
    if (!before) {
      const place = this.#at(...now);
      this.circles.classList.toggle("pointing", place !== null);
      this.onPoint(place, ...now);
      return;
    }
    this.#moved += Math.hypot(now[0] - before[0], now[1] - before[1]);
    const other = [...this.#pointers.entries()].find(([id]) => id !== event.pointerId)?.[1];
    if (other) {
      const factor = Math.hypot(now[0] - other[0], now[1] - other[1]) / Math.max(1, Math.hypot(before[0] - other[0], before[1] - other[1]));
      this.zoom(factor, (now[0] + other[0]) / 2, (now[1] + other[1]) / 2);
    }
    const share = other ? 0.5 : 1; // of two fingers each moves the map by half
    this.pan((before[0] - now[0]) * share, (before[1] - now[1]) * share);
    this.#pointers.set(event.pointerId, now);
  }

  #onKey(event) {
    const moves = { ArrowLeft: [-80, 0], ArrowRight: [80, 0], ArrowUp: [0, -80], ArrowDown: [0, 80] };
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in moves) this.pan(...moves[event.key]);
    else if (event.key === "+" || event.key === "=") this.zoom(1.5);
    else if (event.key === "-") this.zoom(1 / 1.5);
    else if (event.key === "0") this.fit();
    else return;
    event.preventDefault();
  }
}

function circle(path, left, top, radius) {
  path.moveTo(left + radius, top);
  path.arc(left, top, radius, 0, 2 * Math.PI);
}
