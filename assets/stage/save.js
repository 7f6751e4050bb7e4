// @ts-check
/* The picture as a file. PNG from the canvases, SVG written from the same numbers. */

/** @param {Blob} blob @param {string} name */
function download(blob, name) {
  const link = make("a", "", { href: URL.createObjectURL(blob), download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

/** @type {(film: Film, ending: string) => string} */
const fileName = (film, ending) =>
  `${
    (film.title || film.alt || "embedding map")
      .replace(/[^\p{L}\p{M}\p{N} _-]+/gu, "")
      .trim()
      .slice(0, 60) || "embedding map"
  }.${ending}`;

/** The layers on the ground colour, as one canvas.
 * @param {Stage} stage */
function flatten(stage) {
  const canvas = document.createElement("canvas"),
    context = contextOf(canvas);
  stage.draw(performance.now(), 0); // the drawing buffer is only valid in the task that filled it
  const { width, height } = pictureSize(stage);
  canvas.width = Math.round(width * stage.ratio);
  canvas.height = Math.round(height * stage.ratio);
  context.fillStyle = css(stage.theme.ground);
  context.fillRect(0, 0, canvas.width, canvas.height);
  for (const layer of [stage.gpu?.canvas, stage.overCanvas]) if (layer?.width) context.drawImage(layer, 0, 0);
  const { theme } = stage,
    { words, marks, scale } = keyToColours(stage);
  context.scale(stage.ratio, stage.ratio);
  for (const { symbol, colour, x, y } of marks) {
    context.fillStyle = css(colour);
    const path = new Path2D(),
      turn = new DOMMatrix([1, 0, 0, 1, x, y]);
    path.addPath(new Path2D(outline(symbol, 5)), symbol === "x" ? turn.rotate(45) : turn);
    context.fill(path);
  }
  if (scale) {
    const [x, y, across, tall] = scale,
      colours = context.createLinearGradient(x, 0, x + across, 0);
    for (let i = 0; i < 9; i++) colours.addColorStop(i / 8, css(sequential(i / 8, theme.dark)));
    context.fillStyle = colours;
    context.fillRect(x, y, across, tall);
  }
  for (const { text, x, y, size } of words) {
    Object.assign(context, { font: `${size}px ${theme.font}`, textBaseline: "middle", fillStyle: css(theme.text) });
    context.fillText(text, x, y);
  }
  return canvas;
}

/** How large the picture is with the key to its colours, in CSS pixels.
 * @param {{ width: number, height: number, middle: HTMLElement, legend: { element: HTMLElement } }} stage */
function pictureSize({ width, height, middle, legend }) {
  return legend.element.childElementCount ? { width: middle.clientWidth, height: middle.clientHeight } : { width, height };
}

/** The key to the colours as the page shows it beside the map: in a file it is part of the picture.
 * @param {Stage} stage */
function keyToColours({ film, theme, area, legend: { element: legend } }) {
  const home = area.getBoundingClientRect();
  /** @type {(node: Element) => DOMRect} */
  const box = (node) => node.getBoundingClientRect();
  const words = [...legend.querySelectorAll("span, small")].map((node) => {
    const { left, top, height } = box(node);
    return {
      text: node.textContent ?? "",
      x: left - home.left,
      y: top - home.top + height / 2,
      size: parseFloat(getComputedStyle(node).fontSize),
    };
  });
  const marks = [...legend.querySelectorAll("svg")].map((node, g) => {
    const { left, top, width, height } = box(node);
    return {
      symbol: SYMBOLS[g > 7 ? Math.floor(g / 8) % 8 : 0],
      colour: groupColour(theme, g),
      x: left - home.left + width / 2,
      y: top - home.top + height / 2,
    };
  });
  const bar = film.values ? legend.querySelector(".stage-scale") : null,
    at = bar && box(bar);
  return { words, marks, scale: at && [at.left - home.left, at.top - home.top, at.width, at.height] };
}

/** @param {Stage} stage */
function savePng(stage) {
  flatten(stage).toBlob((blob) => blob && download(blob, fileName(stage.film, "png")), "image/png");
}

/** @param {Stage} stage */
function saveSvg(stage) {
  download(new Blob([svgText(stage)], { type: "image/svg+xml" }), fileName(stage.film, "svg"));
}
