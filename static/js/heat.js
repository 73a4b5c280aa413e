// Where the AI looked, painted over a picture: one ramp of colours and one scale for every part.

// Heat -> red, green, blue, opacity. No verdict colour, and neither grey nor brown as parts are. What is cold stays
// clear, and what is hottest still lets the surface through: people judge the part, not the paint.
const RAMP = [
  [0.0, 255, 214, 90, 0.0],
  [0.3, 255, 196, 60, 0.22],
  [0.6, 255, 70, 120, 0.5],
  [1.0, 214, 0, 160, 0.68],
];
const LONGEST_SIDE = 320;

/** Paint `rows` of 0 to 1 on a canvas, which takes the proportions of the picture that it will lie on. */
export function paint(canvas, rows, { width, height }) {
  const scale = LONGEST_SIDE / Math.max(width, height);
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  fill(canvas, (x, y) => between(rows, x, y));
}

/** Paint the ramp itself, cold to hot, for a legend. */
export function paintRamp(canvas) {
  fill(canvas, (x) => x);
}

function fill(canvas, heatAt) {
  const brush = canvas.getContext("2d");
  const image = brush.createImageData(canvas.width, canvas.height);
  for (let y = 0, at = 0; y < canvas.height; y += 1)
    for (let x = 0; x < canvas.width; x += 1, at += 4)
      image.data.set(colour(heatAt((x + 0.5) / canvas.width, (y + 0.5) / canvas.height)), at);
  brush.putImageData(image, 0, 0);
}

/** The heat at a place (0 to 1 across and down): a cell's value in its middle, gliding from one to the next. */
function between(rows, x, y) {
  const [top, bottom, down] = cells(y, rows.length);
  const [left, right, across] = cells(x, rows[0].length);
  const upper = rows[top][left] * (1 - across) + rows[top][right] * across;
  const lower = rows[bottom][left] * (1 - across) + rows[bottom][right] * across;
  return upper * (1 - down) + lower * down;
}

function cells(place, count) {
  const exact = Math.min(Math.max(place * count - 0.5, 0), count - 1);
  const low = Math.floor(exact);
  const part = exact - low;
  // Eased: straight lines between seven cells show as diamonds.
  return [low, Math.min(low + 1, count - 1), part * part * (3 - 2 * part)];
}

function colour(heat) {
  const upper = Math.max(1, RAMP.findIndex(([from]) => from >= heat));
  const [low, high] = [RAMP[upper - 1], RAMP[upper]];
  const part = (heat - low[0]) / (high[0] - low[0]);
  const [red, green, blue, opacity] = [1, 2, 3, 4].map((at) => low[at] + part * (high[at] - low[at]));
  return [red, green, blue, 255 * opacity];
}

/** A canvas over an image, there only while it is switched on. Style sheets fit both into the place in one way. */
export class HeatLayer {
  constructor() {
    this.canvas = document.createElement("canvas");
    this.canvas.className = "heat";
    this.canvas.setAttribute("role", "img");
  }

  get on() {
    return this.canvas.isConnected;
  }

  /** Lie over `image`, which is loaded, as its next neighbour; `words` say the same to whoever does not see it. */
  show(image, rows, words) {
    paint(this.canvas, rows, { width: image.naturalWidth, height: image.naturalHeight });
    this.canvas.setAttribute("aria-label", words);
    image.after(this.canvas);
  }

  hide() {
    this.canvas.remove();
  }
}
