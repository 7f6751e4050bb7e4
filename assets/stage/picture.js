/* Part 10: the picture as a file. PNG from the canvases, SVG written from the same numbers. */

function download(blob, name) {
  const link = make("a", "", { href: URL.createObjectURL(blob), download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

const fileName = (stage, ending) => `${(stage.film.title || stage.film.alt || "embedding map").replace(/[^\p{L}\p{N} _-]+/gu, "").trim().slice(0, 60) || "embedding map"}.${ending}`;

/** The layers on the ground colour, as one canvas. */
function flatten(stage) {
  const canvas = document.createElement("canvas"), pen = canvas.getContext("2d");
  stage.draw(performance.now(), 0); // the drawing buffer is only valid in the task that filled it
  canvas.width = stage.canvasPen.context.canvas.width;
  canvas.height = stage.canvasPen.context.canvas.height;
  pen.fillStyle = css(stage.theme.ground);
  pen.fillRect(0, 0, canvas.width, canvas.height);
  for (const layer of [stage.gpu?.canvas, stage.canvasPen.context.canvas]) if (layer?.width) pen.drawImage(layer, 0, 0, canvas.width, canvas.height);
  return canvas;
}

const SHAPES = {
  square: (r) => `M${-0.86 * r} ${-0.86 * r}h${1.72 * r}v${1.72 * r}h${-1.72 * r}z`,
  diamond: (r) => `M0 ${-1.16 * r}L${1.16 * r} 0L0 ${1.16 * r}L${-1.16 * r} 0z`,
  "triangle-up": (r) => `M0 ${-1.1 * r}L${r} ${0.65 * r}H${-r}z`,
  "triangle-down": (r) => `M0 ${1.1 * r}L${r} ${-0.65 * r}H${-r}z`,
  cross: (r) => `M${-0.38 * r} ${-r}h${0.76 * r}v${0.62 * r}h${0.62 * r}v${0.76 * r}h${-0.62 * r}v${0.62 * r}h${-0.76 * r}v${-0.62 * r}h${-0.62 * r}v${-0.76 * r}h${0.62 * r}z`,
  star: (r) => `M${[...Array(10)].map((_, i) => { const t = (i * Math.PI) / 5, s = i % 2 ? 0.45 * r : 1.1 * r; return `${(s * Math.sin(t)).toFixed(2)} ${(-s * Math.cos(t)).toFixed(2)}`; }).join("L")}z`,
};

/** The picture as SVG text; built as a document, so that words stay words. */
function svgText(stage) {
  const space = "http://www.w3.org/2000/svg", { film, theme, width, height } = stage;
  const page = document.implementation.createDocument(space, "svg"), root = page.documentElement;
  const add = (tag, attributes, text) => {
    const node = page.createElementNS(space, tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    if (text) node.textContent = text;
    root.append(node);
  };
  root.setAttribute("viewBox", `0 0 ${width} ${height}`);
  root.setAttribute("width", width);
  root.setAttribute("height", height);
  add("title", {}, film.alt || film.title || "Map");
  add("rect", { width, height, fill: css(theme.ground) });
  const places = stage.allPlaces().slice(), bytes = film.paint(theme, stage.frame, stage), round = (x) => x.toFixed(2);
  for (const [start, end, style] of film.links) {
    const colour = style === "path" ? theme.text : style === "torn" ? theme.colours[3] : theme.accent;
    add("line", { x1: round(places[start * 3]), y1: round(places[start * 3 + 1]), x2: round(places[end * 3]), y2: round(places[end * 3 + 1]), stroke: css(colour, 0.8), "stroke-width": 2, ...(style === "torn" ? { "stroke-dasharray": "6 5" } : {}) });
  }
  const rows = [...Array(film.n).keys()].filter((row) => places[row * 3 + 2] > 0.02).sort((a, b) => places[b * 3 + 2] - places[a * 3 + 2]);
  for (const row of rows) {
    const x = places[row * 3], y = places[row * 3 + 1], r = stage.radiusAt(row, places[row * 3 + 2]), [red, green, blue, alpha] = bytes.slice(row * 4, row * 4 + 4);
    const paint = { fill: `rgb(${red},${green},${blue})`, "fill-opacity": round(alpha / 255), stroke: css(theme.ground), "stroke-width": Math.min(1, r / 4) };
    const symbol = SYMBOLS[film.shape(row, stage.frame)];
    if (film.images && /^data:image\//.test(film.images[row])) add("image", { x: round(x - r), y: round(y - r), width: round(2 * r), height: round(2 * r), href: film.images[row] });
    else if (symbol === "circle") add("circle", { cx: round(x), cy: round(y), r: round(r), ...paint });
    else add("path", { d: SHAPES[symbol === "x" ? "cross" : symbol](r), transform: `translate(${round(x)} ${round(y)})${symbol === "x" ? " rotate(45)" : ""}`, ...paint });
  }
  for (const [row, box] of stage.labelsOn ? stage.labels.boxes : [])
    add("text", { x: round(box[0] + 2), y: round((box[1] + box[3]) / 2), "dominant-baseline": "central", "font-family": theme.font, "font-size": stage.textSize, fill: css(theme.text), stroke: css(theme.ground, 0.88), "stroke-width": 4, "paint-order": "stroke" }, Labels.text(film.items[row]));
  return new XMLSerializer().serializeToString(page);
}
