// Web Mercator on the unit square: shapes stay shapes at every zoom, which is what a map of cities needs.

const LATITUDE_MAX = 84;

/** Degrees -> [x, y] with 0..1 from west to east and from north to south. */
export function project(lon, lat) {
  const bounded = Math.max(-LATITUDE_MAX, Math.min(LATITUDE_MAX, lat));
  const y = Math.log(Math.tan(Math.PI / 4 + (bounded * Math.PI) / 360));
  return [(lon + 180) / 360, 0.5 - y / (2 * Math.PI)];
}

/** world.json -> paths in projected units: `land` to fill, `borders` to stroke. Its format: tests/page/make_world.py. */
export function worldPaths(world) {
  const arcs = world.arcs.map((steps) => {
    const points = [];
    let [x, y] = [0, 0];
    for (let i = 0; i < steps.length; i += 2) {
      x += steps[i];
      y += steps[i + 1];
      points.push(project(x / world.scale, y / world.scale));
    }
    return points;
  });
  const land = new Path2D();
  for (const ring of world.land) {
    const points = ring.flatMap((arc) => (arc >= 0 ? arcs[arc] : arcs[~arc].toReversed()));
    trace(land, points);
    land.closePath();
  }
  const borders = new Path2D();
  for (const arc of world.borders) trace(borders, arcs[arc]);
  return { land, borders };
}

function trace(path, points) {
  points.forEach(([x, y], index) => (index ? path.lineTo(x, y) : path.moveTo(x, y)));
}
