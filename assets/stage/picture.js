/* The picture as a file. PNG from the canvases, SVG written from the same numbers. */

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
  const { theme } = stage, { words, marks, scale } = keyToColours(stage);
  pen.scale(stage.ratio, stage.ratio);
  for (const { symbol, colour, x, y } of marks) {
    pen.fillStyle = css(colour);
    const path = new Path2D(), turn = new DOMMatrix([1, 0, 0, 1, x, y]);
    path.addPath(new Path2D(outline(symbol, 5)), symbol === "x" ? turn.rotate(45) : turn);
    pen.fill(path);
  }
  if (scale) {
    const [x, y, across, tall] = scale, colours = pen.createLinearGradient(x, 0, x + across, 0);
    for (let i = 0; i < 9; i++) colours.addColorStop(i / 8, css(sequential(i / 8, theme.dark)));
    pen.fillStyle = colours;
    pen.fillRect(x, y, across, tall);
  }
  for (const { text, x, y, size } of words) {
    Object.assign(pen, { font: `${size}px ${theme.font}`, textBaseline: "middle", fillStyle: css(theme.text) });
    pen.fillText(text, x, y);
  }
  return canvas;
}

/** The key to the colours as the page shows it over the map: in a file it is part of the picture. */
function keyToColours({ film, theme, area, legend: { element: legend } }) {
  const home = area.getBoundingClientRect(), box = (node) => node.getBoundingClientRect();
  const words = [...legend.querySelectorAll("span, small")].map((node) => {
    const { left, top, height } = box(node);
    return { text: node.textContent, x: left - home.left, y: top - home.top + height / 2, size: parseFloat(getComputedStyle(node).fontSize) };
  });
  const marks = [...legend.querySelectorAll("svg")].map((node, g) => {
    const { left, top, width, height } = box(node);
    return { symbol: SYMBOLS[g > 7 ? Math.floor(g / 8) % 8 : 0], colour: theme.colours[g % 8], x: left - home.left + width / 2, y: top - home.top + height / 2 };
  });
  const bar = film.values ? legend.querySelector(".stage-scale") : null, { left, top, width, height } = bar ? box(bar) : {};
  return { words, marks, scale: bar ? [left - home.left, top - home.top, width, height] : null };
}

const SHAPES = {
  square: (r) => `M${-0.86 * r} ${-0.86 * r}h${1.72 * r}v${1.72 * r}h${-1.72 * r}z`,
  diamond: (r) => `M0 ${-1.16 * r}L${1.16 * r} 0L0 ${1.16 * r}L${-1.16 * r} 0z`,
  "triangle-up": (r) => `M0 ${-1.1 * r}L${r} ${0.65 * r}H${-r}z`,
  "triangle-down": (r) => `M0 ${1.1 * r}L${r} ${-0.65 * r}H${-r}z`,
  cross: (r) => `M${-0.38 * r} ${-r}h${0.76 * r}v${0.62 * r}h${0.62 * r}v${0.76 * r}h${-0.62 * r}v${0.62 * r}h${-0.76 * r}v${-0.62 * r}h${-0.62 * r}v${-0.76 * r}h${0.62 * r}z`,
  star: (r) => `M${[...Array(10)].map((_, i) => { const t = (i * Math.PI) / 5, s = i % 2 ? 0.45 * r : 1.1 * r; return `${(s * Math.sin(t)).toFixed(2)} ${(-s * Math.cos(t)).toFixed(2)}`; }).join("L")}z`,
};

const outline = (symbol, r) => (symbol === "circle" ? `M${-r} 0a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z` : SHAPES[symbol === "x" ? "cross" : symbol](r));

/** The third pen: the same strokes as the two others, as elements of an SVG document. Words stay words. */
class SvgPen {
  constructor({ width, height, theme, textSize }) {
    Object.assign(this, { theme, textSize, space: "http://www.w3.org/2000/svg" });
    this.page = document.implementation.createDocument(this.space, "svg");
    for (const [name, value] of Object.entries({ viewBox: `0 0 ${width} ${height}`, width, height })) this.page.documentElement.setAttribute(name, value);
  }

  add(tag, attributes, text) {
    const node = this.page.createElementNS(this.space, tag);
    for (const [name, value] of Object.entries(attributes)) if (value !== undefined) node.setAttribute(name, typeof value === "number" ? +value.toFixed(2) : value);
    if (text) node.textContent = text;
    this.page.documentElement.append(node);
  }

  /** A colour and its strength apart: not every program reads rgba(). */
  ink(name, [r, g, b], alpha = 1) { return { [name]: `rgb(${r},${g},${b})`, ...(alpha < 1 ? { [`${name}-opacity`]: +alpha.toFixed(3) } : {}) }; }

  line(x1, y1, x2, y2, width, colour, alpha, dash) {
    this.add("line", { x1, y1, x2, y2, ...this.ink("stroke", colour, alpha), "stroke-width": width, ...(dash ? { "stroke-dasharray": dash.join(" ") } : { "stroke-linecap": "round" }) });
  }

  ring(x, y, r, width, colour, alpha, box = null) {
    const rim = { fill: "none", ...this.ink("stroke", colour, alpha), "stroke-width": width };
    if (box) this.add("rect", { x: x - box[0], y: y - box[1], width: 2 * box[0], height: 2 * box[1], rx: 8, ...rim });
    else this.add("circle", { cx: x, cy: y, r, ...rim });
  }

  /** A label with its halo under it: two texts a line, for programs that do not know `paint-order`. */
  sprite({ rows, strong }, x, y, alpha) {
    const { theme, textSize } = this, size = strong ? textSize + 2 : textSize, look = { "font-family": theme.font, "font-size": size, "font-weight": strong ? 650 : 450 };
    const place = (row) => ({ x: x + row.x, y: y + row.y + size * 0.34, ...look });
    for (const row of rows) this.add("text", { ...place(row), fill: "none", ...this.ink("stroke", theme.ground, 0.88 * alpha), "stroke-width": 4, "stroke-linejoin": "round", "aria-hidden": "true" }, row.text);
    for (const row of rows) this.add("text", { ...place(row), ...this.ink("fill", theme.text, (strong ? 1 : 0.86) * alpha) }, row.text);
  }

  flush() {}
}

/** Points and pictures as they lie on the stage, far ones first. */
function svgPoints(stage, pen) {
  const { film, theme } = stage, places = stage.allPlaces().slice(), bytes = film.paint(theme, stage.frame, stage), stressed = film.emphasised(stage.selected);
  const edge = theme.dark ? between(theme.ground, [0, 0, 0], 0.5) : [255, 255, 255], halo = theme.dark ? 0.7 : 0.85, depth = (row) => places[row * 3 + 2];
  for (const row of film.labelOrder().reverse().filter((row) => depth(row) > 0.02).sort((a, b) => depth(b) - depth(a))) {
    const x = places[row * 3], y = places[row * 3 + 1], r = stage.radiusAt(row, depth(row)), source = film.picture(row, stage.frame), g = film.groupAt(row, stage.frame);
    if (source) {
      if (!/^data:image\/(png|jpeg|webp|gif|avif);base64,/.test(source)) continue;
      const [across, tall] = stage.atlas?.shape(row, stage.frame) ?? [1, 1], dim = (stressed && !stressed.has(row)) || (stage.group !== null && g !== stage.group);
      const box = { x: x - r * across, y: y - r * tall, width: 2 * r * across, height: 2 * r * tall };
      if (dim) pen.add("rect", { ...box, rx: r * 0.16, ...pen.ink("fill", theme.ground) });
      for (const [state, share] of film.turning(row, stage.clock.p)) pen.add("image", { ...box, href: film.picture(row, state), opacity: dim || share < 1 ? share * (dim ? 0.45 : 1) : undefined });
      for (const [share, colour, alpha] of [[0.08, [255, 255, 255], 0.9], [0.03, [27, 31, 42], 0.6]])
        pen.add("rect", { x: box.x + r * share / 2, y: box.y + r * share / 2, width: box.width - r * share, height: box.height - r * share, rx: r * 0.16, fill: "none", ...pen.ink("stroke", colour, dim ? alpha * 0.45 : alpha), "stroke-width": r * share });
      if ((film.groups || film.frameGroups) && g >= 0) pen.add("circle", { cx: x + r * 0.82, cy: y - r * 0.82, r: Math.max(4, r * 0.16), ...pen.ink("fill", theme.colours[g % 8]) });
      continue;
    }
    const near = (colour) => between(colour, theme.ground, 1 - stage.mist(depth(row))), fill = [...bytes.subarray(row * 4, row * 4 + 3)], alpha = bytes[row * 4 + 3] / 255, rim = Math.min(1.15, r * 0.35);
    const paint = { ...pen.ink("fill", near(fill), alpha), ...pen.ink("stroke", near(between(fill, edge, halo)), alpha), "stroke-width": rim };
    const symbol = SYMBOLS[film.shape(row, stage.frame)], inner = r - rim / 2;
    if (symbol === "circle") pen.add("circle", { cx: x, cy: y, r: inner, ...paint });
    else pen.add("path", { d: SHAPES[symbol === "x" ? "cross" : symbol](inner), transform: `translate(${x.toFixed(2)} ${y.toFixed(2)})${symbol === "x" ? " rotate(45)" : ""}`, ...paint });
  }
}

/** The picture as SVG text, drawn by the same code as the picture itself. */
function svgText(stage) {
  const { film, theme, width, height } = stage, now = performance.now(), before = stage.pen;
  stage.draw(now, 0);
  const pen = (stage.pen = new SvgPen(stage));
  pen.add("title", {}, film.alt || film.title || "Map");
  pen.add("rect", { width, height, ...pen.ink("fill", theme.ground) });
  drawBox(stage);
  stage.trails.draw(stage);
  stage.links.draw(stage, now);
  svgPoints(stage, pen);
  drawRings(stage);
  stage.labels.draw(stage, 0);
  stage.pen = before;
  const { words, marks, scale } = keyToColours(stage);
  for (const { symbol, colour, x, y } of marks) pen.add("path", { d: outline(symbol, 5), transform: `translate(${x.toFixed(2)} ${y.toFixed(2)})${symbol === "x" ? " rotate(45)" : ""}`, ...pen.ink("fill", colour) });
  for (let i = 0; scale && i < 60; i++) pen.add("rect", { x: scale[0] + (scale[2] * i) / 60, y: scale[1], width: scale[2] / 60 + 0.5, height: scale[3], ...pen.ink("fill", sequential(i / 59, theme.dark)) });
  for (const { text, x, y, size } of words) pen.add("text", { x, y: y + size * 0.34, "font-family": theme.font, "font-size": size, ...pen.ink("fill", theme.text) }, text);
  return new XMLSerializer().serializeToString(pen.page);
}
