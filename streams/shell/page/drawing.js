// What is drawn on the map's canvases. Deployed is a disc, planned a ring around the same point: they are told apart
// without colour, and never added. A circle's area is the number of people.

const RADIUS_MIN = 3;
const RADIUS_MAX = 34;
const CROWDED_RADIUS = 5; // of circles so small, one in each cell is drawn: more would hide one another
const CELL_PIXELS = 3;
const RING_PIXELS = 2;
const REACH = 2 * RADIUS_MAX; // beyond the edge, from where a circle still reaches in
const KIND_BITS = { deployed: 1, planned: 2, withdrawn: 4 };

export function radiusOf(size, largest, grown) {
  return Math.max(RADIUS_MIN, RADIUS_MAX * Math.sqrt(Math.max(0, size) / largest)) * grown;
}

/** `sheet`: {x, y, scale} of its middle, {width, height} in pixels, {ratio} of device pixels to one of those. */
export function drawBase(canvas, { x, y, scale, width, height, ratio }, paths, colours) {
  const context = canvas.getContext("2d", { alpha: false });
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.fillStyle = colours.sea;
  context.fillRect(0, 0, canvas.width, canvas.height);
  if (!paths) return;
  const zoomed = scale * ratio;
  context.setTransform(zoomed, 0, 0, zoomed, (width / 2) * ratio - x * zoomed, (height / 2) * ratio - y * zoomed);
  context.fillStyle = colours.land;
  context.fill(paths.land);
  context.strokeStyle = colours.border;
  context.lineWidth = 0.8 / scale;
  context.stroke(paths.borders);
}

/**
 * The circles of a sheet, drawn in steps: thousands of them take longer than a frame may.
 *
 * `spots` are {place, x, y}, the greatest first, so that small circles come to lie over large ones.
 */
export class CirclesDrawing {
  #next = 0;
  #chosen = null;

  constructor(canvas, sheet, spots, { largest, grown, colours, selected }) {
    Object.assign(this, { sheet, spots, largest, grown, colours, selected });
    this.context = canvas.getContext("2d");
    this.context.setTransform(1, 0, 0, 1, 0, 0);
    this.context.clearRect(0, 0, canvas.width, canvas.height);
    this.stamps = new Stamps(this.context, sheet.ratio, colours);
    this.crowd = new Crowd(sheet.width, sheet.height);
  }

  /** Draw about so many circles more; true when all are drawn. */
  step(count) {
    const { x, y, scale, width, height, ratio } = this.sheet;
    const enough = this.stamps.count + count;
    while (this.#next < this.spots.length && this.stamps.count < enough) {
      const spot = this.spots[this.#next++];
      const left = (spot.x - x) * scale + width / 2;
      const top = (spot.y - y) * scale + height / 2;
      if (left < -REACH || top < -REACH || left > width + REACH || top > height + REACH) continue;
      this.#draw(spot.place, left, top);
    }
    if (this.#next < this.spots.length) return false;
    if (this.#chosen) encircle(this.context, ratio, this.#chosen, this.colours.text);
    return true;
  }

  #draw({ row, planned, deployed, withdrawn, size }, left, top) {
    if (row.key === this.selected) this.#chosen = [left, top, radiusOf(size, this.largest, this.grown) + 4];
    if (deployed !== null) this.#put("deployed", deployed, left, top);
    if (planned !== null) this.#put("planned", planned, left, top);
    if (withdrawn !== null && planned === null && deployed === null) this.#put("withdrawn", withdrawn, left, top);
  }

  #put(kind, figure, left, top) {
    const radius = radiusOf(figure, this.largest, this.grown);
    if (radius > CROWDED_RADIUS || this.crowd.hasRoom(kind, left, top)) this.stamps.put(kind, radius, left, top);
  }
}

/** Which kinds of small circles stand in which cells. */
class Crowd {
  constructor(width, height) {
    this.columns = Math.ceil((width + 2 * REACH) / CELL_PIXELS);
    this.cells = new Uint8Array(this.columns * Math.ceil((height + 2 * REACH) / CELL_PIXELS));
  }

  /** Whether no circle of this kind stands in the cell yet; from now on this one does. */
  hasRoom(kind, left, top) {
    const cell = Math.floor((top + REACH) / CELL_PIXELS) * this.columns + Math.floor((left + REACH) / CELL_PIXELS);
    const free = !(this.cells[cell] & KIND_BITS[kind]);
    this.cells[cell] |= KIND_BITS[kind];
    return free;
  }
}

/** Circles drawn once for each kind and size, and then copied: thousands of copies cost less than as many curves. */
class Stamps {
  count = 0; // of copies
  #made = Object.fromEntries(Object.keys(KIND_BITS).map((kind) => [kind, []])); // by twice the radius

  constructor(context, ratio, colours) {
    Object.assign(this, { context, ratio, colours });
  }

  put(kind, radius, left, top) {
    const half = Math.round(radius * 2);
    const stamp = (this.#made[kind][half] ??= this.#make(kind, half / 2));
    this.context.drawImage(stamp, Math.round(left * this.ratio - stamp.width / 2), Math.round(top * this.ratio - stamp.height / 2));
    this.count += 1;
  }

  #make(kind, radius) {
    const side = Math.ceil((2 * radius + 2 * RING_PIXELS) * this.ratio);
    const stamp = new OffscreenCanvas(side, side);
    const context = stamp.getContext("2d");
    context.beginPath();
    context.arc(side / 2, side / 2, radius * this.ratio, 0, 2 * Math.PI);
    if (kind === "deployed") {
      context.globalAlpha = 0.72;
      context.fillStyle = this.colours.deployed;
      context.fill();
    } else {
      context.lineWidth = (kind === "planned" ? RING_PIXELS : 1.5) * this.ratio;
      context.strokeStyle = this.colours[kind];
      context.stroke();
    }
    return stamp.transferToImageBitmap(); // a canvas would be looked at anew each time that it is copied
  }
}

function encircle(context, ratio, [left, top, radius], colour) {
  context.beginPath();
  context.arc(left * ratio, top * ratio, radius * ratio, 0, 2 * Math.PI);
  context.lineWidth = 2 * ratio;
  context.strokeStyle = colour;
  context.stroke();
}
