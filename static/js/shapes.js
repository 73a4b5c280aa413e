// Boxes and outlines as numbers: points are [x, y] in 0..1 of the upright picture, a box has two opposite corners.

const DIGITS = 1e5;

function inside(value) {
  return Math.round(Math.min(1, Math.max(0, value)) * DIGITS) / DIGITS;
}

/** The region as it is kept: within the picture, rounded, a box from its upper left corner on. */
export function tidy({ label, kind, points }) {
  const tidied = points.map(([x, y]) => [inside(x), inside(y)]);
  if (kind !== "box") return { label, kind, points: tidied };
  const { left, top, right, bottom } = bounds(tidied);
  return { label, kind, points: [[left, top], [right, bottom]] };
}

export function bounds(points) {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of points) {
    if (x < left) left = x;
    if (x > right) right = x;
    if (y < top) top = y;
    if (y > bottom) bottom = y;
  }
  return { left, top, right, bottom };
}

/** The corners of what is drawn: four of a box, all of an outline. */
export function corners({ kind, points }) {
  if (kind !== "box") return points;
  const [[left, top], [right, bottom]] = points;
  return [[left, top], [right, top], [right, bottom], [left, bottom]];
}

export function path(region) {
  return `M${corners(region).map((point) => point.join(" ")).join("L")}Z`;
}

/** The region moved as a whole, as far as the picture goes. */
export function moved(region, across, down) {
  const { left, top, right, bottom } = bounds(region.points);
  const x = Math.min(Math.max(across, -left), 1 - right);
  const y = Math.min(Math.max(down, -top), 1 - bottom);
  return { ...region, points: region.points.map((point) => [point[0] + x, point[1] + y]) };
}

/** The region with corner number `at` (as `corners` counts them) moved. */
export function stretched(region, at, across, down) {
  const points = region.points.map((point) => [...point]);
  const [forX, forY] = region.kind === "box" ? [[0, 1, 1, 0][at], [0, 0, 1, 1][at]] : [at, at];
  points[forX][0] = Math.min(1, Math.max(0, points[forX][0] + across));
  points[forY][1] = Math.min(1, Math.max(0, points[forY][1] + down));
  return { ...region, points };
}

/** An outline without corner number `at`; a triangle keeps its three. */
export function without(region, at) {
  if (region.kind === "box" || region.points.length <= 3) return null;
  return { ...region, points: region.points.filter((_point, place) => place !== at) };
}

export function contains(region, x, y) {
  const shape = corners(region);
  let within = false;
  for (let at = 0, before = shape.length - 1; at < shape.length; before = at, at += 1) {
    const [[x1, y1], [x2, y2]] = [shape[at], shape[before]];
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) within = !within;
  }
  return within;
}

export function area({ points }) {
  const { left, top, right, bottom } = bounds(points);
  return (right - left) * (bottom - top);
}
