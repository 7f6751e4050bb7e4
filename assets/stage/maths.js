/* Numbers and colours: the ground under the rest of the stage.
 *
 * The stage is plain JavaScript in a few files that Python joins in the order of PARTS
 * (embeddings_core/scenes/payload.py): there is no build step, and no file imports another. */

const clamp = (x, low, high) => Math.min(high, Math.max(low, x));
const mix = (a, b, u) => a + (b - a) * u;
const smoothstep = (u) => u * u * (3 - 2 * u);

/** The tangent that never overshoots (Fritsch and Carlson 1980): 0 where a point turns round. */
const tangent = (a, b) => (a * b > 0 ? (2 * a * b) / (a + b) : 0);

/** The cubic from b to c at u, with the neighbours a and d: continuous motion through real states. */
function flow(a, b, c, d, u) {
  const m0 = tangent(b - a, c - b), m1 = tangent(c - b, d - c), v = u * u, w = v * u;
  return (2 * w - 3 * v + 1) * b + (w - 2 * v + u) * m0 + (3 * v - 2 * w) * c + (w - v) * m1;
}

/** Column-major 4 × 4 product a·b. */
function multiply(a, b) {
  const out = new Float32Array(16);
  for (let column = 0; column < 4; column++)
    for (let row = 0; row < 4; row++) {
      let sum = 0;
      for (let k = 0; k < 4; k++) sum += a[k * 4 + row] * b[column * 4 + k];
      out[column * 4 + row] = sum;
    }
  return out;
}

const cross = (a, b) => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const minus = (a, b) => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
function unit(a) {
  const length = Math.hypot(...a) || 1;
  return a.map((x) => x / length);
}

// Okabe and Ito's eight, told apart by colour-blind eyes; the darkest and lightest trade places with the theme.
const OKABE_ITO = {
  light: ["#0072B2", "#D98C00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9", "#3D3D3D", "#D6C71D"],
  dark: ["#3B9BD9", "#E69F00", "#14B98B", "#E8762C", "#D98DB5", "#7CC7F2", "#D0D3D8", "#F0E442"],
};
const SYMBOLS = ["circle", "square", "diamond", "triangle-up", "cross", "x", "triangle-down", "star"];
const SYMBOLS_3D = ["circle", "square", "diamond", "cross", "x", "circle-open", "square-open", "diamond-open"];
const VIRIDIS = ["#440154", "#472D7B", "#3B528B", "#2C728E", "#21918C", "#28AE80", "#5EC962", "#ADDC30", "#FDE725"];

const rgb = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
const between = (a, b, u) => a.map((x, i) => Math.round(mix(x, b[i], u)));
const css = ([r, g, b], alpha = 1) => `rgba(${r},${g},${b},${alpha})`;

/** A colour of the sequential scale; the dark end is left out on dark ground. */
function sequential(value, dark) {
  const at = clamp(Number.isFinite(value) ? value : 0, 0, 1) * (dark ? 6 : 8) * 0.999 + (dark ? 2 : 0);
  const low = Math.floor(at);
  return between(rgb(VIRIDIS[low]), rgb(VIRIDIS[Math.min(low + 1, 8)]), at - low);
}

/** Any CSS colour as [r, g, b]; `fallback` where the browser does not know it. */
function parseColour(text, fallback) {
  const context = (parseColour.canvas ??= document.createElement("canvas")).getContext("2d");
  context.fillStyle = fallback;
  context.fillStyle = text || fallback;
  const found = context.fillStyle;
  if (found.startsWith("#")) return rgb(found);
  const parts = found.match(/[\d.]+/g).map(Number);
  return parts.slice(0, 3);
}

/** Read the theme from the CSS around the stage, at draw time: the page may switch to dark at any moment. */
function readTheme(element) {
  const style = getComputedStyle(element);
  const read = (name, fallback) => parseColour(style.getPropertyValue(name).trim(), fallback);
  const ground = read("--st-background-color", "#ffffff");
  const dark = ground[0] * 0.3 + ground[1] * 0.59 + ground[2] * 0.11 < 128;
  return {
    dark,
    ground,
    text: read("--st-text-color", dark ? "#fafafa" : "#1f2430"),
    accent: read("--st-primary-color", dark ? "#ff9d5c" : "#c2410c"),
    font: style.getPropertyValue("--st-font").trim() || "system-ui, sans-serif",
    colours: OKABE_ITO[dark ? "dark" : "light"].map(rgb),
    crowd: dark ? [120, 126, 138] : [150, 156, 166],
  };
}
