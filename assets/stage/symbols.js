// @ts-check
/* The symbols of points: names, outlines for SVG and the legend, and distances for the rasteriser. */

const SYMBOLS_3D = ["circle", "square", "diamond", "cross", "x", "circle-open", "square-open", "diamond-open"];

/** Outlines as SVG paths, by symbol, of a given radius.
 * @type {Record<string, (r: number) => string>} */
const OUTLINES = {
  square: (r) => `M${-0.86 * r} ${-0.86 * r}h${1.72 * r}v${1.72 * r}h${-1.72 * r}z`,
  diamond: (r) => `M0 ${-1.16 * r}L${1.16 * r} 0L0 ${1.16 * r}L${-1.16 * r} 0z`,
  "triangle-up": (r) => `M0 ${-1.1 * r}L${r} ${0.65 * r}H${-r}z`,
  "triangle-down": (r) => `M0 ${1.1 * r}L${r} ${-0.65 * r}H${-r}z`,
  cross: (r) =>
    `M${-0.38 * r} ${-r}h${0.76 * r}v${0.62 * r}h${0.62 * r}v${0.76 * r}h${-0.62 * r}v${0.62 * r}h${-0.76 * r}v${-0.62 * r}h${-0.62 * r}v${-0.76 * r}h${0.62 * r}z`,
  star: (r) =>
    `M${[...Array(10)]
      .map((_, i) => {
        const t = (i * Math.PI) / 5,
          s = i % 2 ? 0.45 * r : 1.1 * r;
        return `${(s * Math.sin(t)).toFixed(2)} ${(-s * Math.cos(t)).toFixed(2)}`;
      })
      .join("L")}z`,
};

/** The outline of a symbol; that of an x is a cross to be turned.
 * @type {(symbol: string, r: number) => string} */
const outline = (symbol, r) =>
  symbol === "circle"
    ? `M${-r} 0a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`
    : OUTLINES[symbol === "x" ? "cross" : symbol](r);

/** Signed distance of (x, y) from the edge of a symbol of radius r, negative inside; y points down.
 * @param {number} symbol @param {number} x @param {number} y @param {number} r */
function symbolDistance(symbol, x, y, r) {
  /** @type {(a: number, b: number) => number} */
  const arms = (a, b) => {
    const long = Math.max(Math.abs(a), Math.abs(b)),
      short = Math.min(Math.abs(a), Math.abs(b));
    return Math.max(long - r, short - r * 0.38);
  };
  if (symbol === 1) return Math.max(Math.abs(x), Math.abs(y)) - r * 0.86;
  if (symbol === 2) return (Math.abs(x) + Math.abs(y)) * 0.7071 - r * 0.82;
  if (symbol === 3) {
    const up = -y - r * 0.12;
    return Math.max(Math.abs(x) * 0.866 - up * 0.5, up) - r * 0.55;
  }
  if (symbol === 4) return arms(x, y);
  if (symbol === 5) return arms((x + y) * 0.7071, (y - x) * 0.7071);
  if (symbol === 6) {
    const down = -y + r * 0.12;
    return Math.max(Math.abs(x) * 0.866 + down * 0.5, -down) - r * 0.55;
  }
  if (symbol === 7) {
    const fifth = (2 * Math.PI) / 5,
      turned = Math.atan2(x, -y) + fifth / 2,
      turn = Math.abs(turned - fifth * Math.floor(turned / fifth) - fifth / 2),
      far = Math.hypot(x, y);
    return far * Math.cos(turn) * 0.62 + far * Math.sin(turn) * 0.85 - r * 0.6;
  }
  return Math.hypot(x, y) - r;
}
