// @ts-check
/* Colours, and the theme that the page has at this moment. */

/** @type {(hex: string) => Colour} */
const rgb = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
/** @type {(a: Colour, b: Colour, u: number) => Colour} */
const between = (a, b, u) => a.map((x, i) => Math.round(mix(x, b[i], u)));
/** @type {(colour: Colour | Uint8Array, alpha?: number | string) => string} */
const css = ([r, g, b], alpha = 1) => `rgba(${r},${g},${b},${alpha})`;

/** The colour of a group: sixteen can be told apart; further ones repeat the first eight, with another symbol.
 * @type {(theme: Theme, group: number) => Colour} */
const groupColour = ({ colours }, group) => colours[group < colours.length ? group : group % 8];

/** A colour of the sequential scale; the dark end is left out on dark ground.
 * @type {(value: number, dark: boolean) => Colour} */
function sequential(value, dark) {
  const at = clamp(Number.isFinite(value) ? value : 0, 0, 1) * (dark ? 6 : 8) * 0.999 + (dark ? 2 : 0);
  const low = Math.floor(at);
  return between(rgb(VIRIDIS[low]), rgb(VIRIDIS[Math.min(low + 1, 8)]), at - low);
}

/** Any CSS colour as [r, g, b]; `fallback` where the browser does not know it.
 * @type {(text: string, fallback: string) => Colour} */
function parseColour(text, fallback) {
  const context = need(document.createElement("canvas").getContext("2d"));
  context.fillStyle = fallback;
  context.fillStyle = text || fallback;
  const found = context.fillStyle;
  if (found.startsWith("#")) return rgb(found);
  return (found.match(/[\d.]+/g) ?? []).map(Number).slice(0, 3);
}

/** Read the theme from the CSS around the stage, at draw time: the page may switch to dark at any moment.
 * @type {(element: Element) => Theme} */
function readTheme(element) {
  const style = getComputedStyle(element);
  /** @type {(name: string, fallback: string) => Colour} */
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
    background: rgb(BACKGROUND[dark ? "dark" : "light"]),
  };
}
