// What is drawn on the map's canvases. Deployed is a disc, planned a ring around the same point: they are told apart
// without colour, and never added. A circle's area is the number of people.

const RADIUS_MIN = 3;
const RADIUS_MAX = 34;
const CROWDED_RADIUS = 5; // of circles so small, one in each cell is drawn: more would hide one another
const CELL_PIXELS = 3;
const RING_PIXELS = 2;

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

/** `spots` are {place, x, y}, the greatest first, so that small circles come to lie over large ones. */
export function drawCircles(canvas, { x, y, scale, width, height, ratio }, spots, { largest, grown, colours, selected }) {
  const context = canvas.getContext("2d");
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  const stamps = new Stamps(context, ratio, colours);
  const crowd = new Set();
  let chosen = null;
  for (const spot of spots) {
    const [left, top] = [(spot.x - x) * scale + width / 2, (spot.y - y) * scale + height / 2];
    const reach = 2 * RADIUS_MAX;
    if (left < -reach || top < -reach || left > width + reach || top > height + reach) continue;
    const { row, planned, deployed, withdrawn, size } = spot.place;
    if (row.key === selected) chosen = [left, top, radiusOf(size, largest, grown) + 4];
    for (const [kind, figure] of [["deployed", deployed], ["planned", planned], ["withdrawn", planned === null && deployed === null ? withdrawn : null]]) {
      if (figure === null) continue;
      const radius = radiusOf(figure, largest, grown);
      if (radius <= CROWDED_RADIUS && isCrowded(crowd, kind, left, top)) continue;
      stamps.put(kind, radius, left, top);
    }
  }
  if (chosen) encircle(context, ratio, chosen, colours.text);
}

/** Whether a circle of this kind stands in the same cell already; if not, this one does from now on. */
function isCrowded(crowd, kind, left, top) {
  const cell = `${kind}${Math.round(left / CELL_PIXELS)},${Math.round(top / CELL_PIXELS)}`;
  if (crowd.has(cell)) return true;
  crowd.add(cell);
  return false;
}

/** Circles drawn once for each kind and size, and then copied: thousands of copies cost less than as many curves. */
class Stamps {
  #made = new Map();

  constructor(context, ratio, colours) {
    Object.assign(this, { context, ratio, colours });
  }

  put(kind, radius, left, top) {
    const rounded = Math.round(radius * 2) / 2;
    const name = `${kind}${rounded}`;
    if (!this.#made.has(name)) this.#made.set(name, this.#make(kind, rounded));
    const stamp = this.#made.get(name);
    this.context.drawImage(stamp, Math.round(left * this.ratio - stamp.width / 2), Math.round(top * this.ratio - stamp.height / 2));
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
    return stamp;
  }
}

function encircle(context, ratio, [left, top, radius], colour) {
  context.beginPath();
  context.arc(left * ratio, top * ratio, radius * ratio, 0, 2 * Math.PI);
  context.lineWidth = 2 * ratio;
  context.strokeStyle = colour;
  context.stroke();
}
