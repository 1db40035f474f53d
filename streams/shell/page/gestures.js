// Pointer, wheel, touch and keys -> pan, zoom and press, all in pixels of the element.

const CLICK_PIXELS_MAX = 5;
const KEY_PIXELS = 80;
const ZOOM_OF_KEY = 1.5;
const ZOOM_OF_PIXEL = 0.0018;
const PIXELS_OF_LINE = 28;

/** `on` has pan(right, down), zoom(factor, left?, top?), fit(), press(left, top), point(left, top) and leave(). */
export function gestures(view, on) {
  const pointers = new Map();
  let moved = 0;
  const place = (event) => {
    const box = view.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };

  view.addEventListener("pointerdown", (event) => {
    view.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, place(event));
    moved = 0;
  });
  view.addEventListener("pointermove", (event) => {
    const before = pointers.get(event.pointerId);
    const now = place(event);
    if (!before) return on.point(...now);
    const other = [...pointers.entries()].find(([id]) => id !== event.pointerId)?.[1];
    moved += distance(now, before);
    if (other) on.zoom(distance(now, other) / Math.max(1, distance(before, other)), (now[0] + other[0]) / 2, (now[1] + other[1]) / 2);
    const share = other ? 0.5 : 1; // of two fingers each moves the map by half
    on.pan((before[0] - now[0]) * share, (before[1] - now[1]) * share);
    pointers.set(event.pointerId, now);
  });
  view.addEventListener("pointerup", (event) => {
    const pressed = pointers.size === 1 && pointers.has(event.pointerId) && moved <= CLICK_PIXELS_MAX;
    pointers.delete(event.pointerId);
    if (pressed) on.press(...place(event));
  });
  view.addEventListener("pointercancel", (event) => pointers.delete(event.pointerId));
  view.addEventListener("pointerleave", () => on.leave());
  view.addEventListener("dblclick", (event) => on.zoom(2, ...place(event)));
  view.addEventListener("wheel", (event) => {
    event.preventDefault();
    const pixels = event.deltaY * (event.deltaMode ? PIXELS_OF_LINE : 1);
    on.zoom(Math.exp(-pixels * ZOOM_OF_PIXEL), ...place(event));
  }, { passive: false });
  view.addEventListener("keydown", (event) => onKey(event, on));
}

function onKey(event, on) {
  const moves = { ArrowLeft: [-KEY_PIXELS, 0], ArrowRight: [KEY_PIXELS, 0], ArrowUp: [0, -KEY_PIXELS], ArrowDown: [0, KEY_PIXELS] };
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key in moves) on.pan(...moves[event.key]);
  else if (event.key === "+" || event.key === "=") on.zoom(ZOOM_OF_KEY);
  else if (event.key === "-") on.zoom(1 / ZOOM_OF_KEY);
  else if (event.key === "0") on.fit();
  else return;
  event.preventDefault();
}

const distance = ([x0, y0], [x1, y1]) => Math.hypot(x1 - x0, y1 - y0);
