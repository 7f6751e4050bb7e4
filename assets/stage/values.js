// @ts-check
/* Colours, symbols and the rules of labels, as Python has them; written by python -m embeddings_core.rebuild.stage_values. */

// Okabe and Ito's eight and eight more, told apart by colour-blind eyes; the darkest and lightest swap with the theme.
/** @type {Record<"light" | "dark", string[]>} */
// prettier-ignore
const OKABE_ITO = {
  light: ["#0072B2", "#D98C00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9", "#3D3D3D", "#D6C71D", "#9200FF", "#613100", "#31003D", "#926DFF", "#3D00AA", "#000C00", "#86B661", "#920079"],
  dark: ["#3B9BD9", "#E69F00", "#14B98B", "#E8762C", "#D98DB5", "#7CC7F2", "#D0D3D8", "#F0E442", "#7900F3", "#793118", "#24496D", "#7900AA", "#615555", "#B6FF92", "#B655FF", "#DB0CAA"],
};
// Points that stand back: what the eye need not follow.
/** @type {Record<"light" | "dark", string>} */
const BACKGROUND = { light: "#969CA6", dark: "#787E8A" };
const VIRIDIS = ["#440154", "#472D7B", "#3B528B", "#2C728E", "#21918C", "#28AE80", "#5EC962", "#ADDC30", "#FDE725"];
const SYMBOLS = ["circle", "square", "diamond", "triangle-up", "cross", "x", "triangle-down", "star"];

const LINE = 32; // columns of a label in one line
const WIDEST = 44; // columns of each line where it needs two
const LISTED = [64, 48, 32, 20]; // columns that a label in a list may take
// Letters twice as wide as others: Chinese, Japanese, Korean, and pictures.
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
