// @ts-check
/* Numbers: what all other parts count with.
 *
 * The stage is plain JavaScript in a few files that Python joins in the order of PARTS
 * (embeddings_core/scenes/payload.py): there is no build step, and no file imports another. */

const AZIMUTH = 0.62; // the usual side from which a 3-D map is seen

/** @type {(x: number, low: number, high: number) => number} */
const clamp = (x, low, high) => Math.min(high, Math.max(low, x));

/** @type {(a: number, b: number, u: number) => number} */
const mix = (a, b, u) => a + (b - a) * u;

/** @type {(u: number) => number} */
const smoothstep = (u) => u * u * (3 - 2 * u);

/** The tangent that never overshoots (Fritsch and Carlson 1980): 0 where a point turns round.
 * @type {(a: number, b: number) => number} */
const tangent = (a, b) => (a * b > 0 ? (2 * a * b) / (a + b) : 0);

/** The cubic from b to c at u, with the neighbours a and d: continuous motion through real states.
 * @type {(a: number, b: number, c: number, d: number, u: number) => number} */
function flow(a, b, c, d, u) {
  const m0 = tangent(b - a, c - b),
    m1 = tangent(c - b, d - c),
    v = u * u,
    w = v * u;
  return (2 * w - 3 * v + 1) * b + (w - 2 * v + u) * m0 + (3 * v - 2 * w) * c + (w - v) * m1;
}

/** Column-major 4 × 4 product a·b.
 * @type {(a: Float32Array, b: Float32Array) => Float32Array} */
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

/** @type {(a: number[], b: number[]) => number[]} */
const cross = (a, b) => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];

/** @type {(a: number[], b: number[]) => number} */
const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

/** @type {(a: number[], b: number[]) => number[]} */
const minus = (a, b) => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];

/** @type {(a: number[]) => number[]} */
function unit(a) {
  const length = Math.hypot(...a) || 1;
  return a.map((x) => x / length);
}
