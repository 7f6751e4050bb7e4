// @ts-check
/* The map as an SVG document. */

/** The third renderer: the same strokes as the two others, as elements of an SVG document. Words stay words. */
/** @implements {Renderer} */
class SvgRenderer {
  /** There is no canvas context to draw pictures with. */
  context = null;
  space = "http://www.w3.org/2000/svg";

  /** @param {Stage} stage */
  constructor(stage) {
    const { theme, textSize } = stage,
      { width, height } = pictureSize(stage);
    this.theme = theme;
    this.textSize = textSize;
    this.page = document.implementation.createDocument(this.space, "svg");
    for (const [name, value] of Object.entries({ viewBox: `0 0 ${width} ${height}`, width, height }))
      this.page.documentElement.setAttribute(name, String(value));
  }

  /** @param {string} tag @param {Record<string, string | number | undefined>} attributes @param {string} [text] */
  add(tag, attributes, text) {
    const node = this.page.createElementNS(this.space, tag);
    for (const [name, value] of Object.entries(attributes))
      if (value !== undefined) node.setAttribute(name, String(typeof value === "number" ? +value.toFixed(2) : value));
    if (text) node.textContent = text;
    this.page.documentElement.append(node);
  }

  /** A colour and its strength apart: not every program reads rgba().
   * @param {string} name @param {Colour} colour @returns {Record<string, string | number>} */
  ink(name, [r, g, b], alpha = 1) {
    return { [name]: `rgb(${r},${g},${b})`, ...(alpha < 1 ? { [`${name}-opacity`]: +alpha.toFixed(3) } : {}) };
  }

  /** @param {number} x1 @param {number} y1 @param {number} x2 @param {number} y2 @param {number} width @param {Colour} colour @param {number} alpha @param {number[]} [dash] */
  line(x1, y1, x2, y2, width, colour, alpha, dash) {
    this.add("line", {
      x1,
      y1,
      x2,
      y2,
      ...this.ink("stroke", colour, alpha),
      "stroke-width": width,
      ...(dash ? { "stroke-dasharray": dash.join(" ") } : { "stroke-linecap": "round" }),
    });
  }

  /** @param {number} x @param {number} y @param {number} r @param {number} width @param {Colour} colour @param {number} alpha @param {number[] | null} [box] */
  ring(x, y, r, width, colour, alpha, box = null) {
    const rim = { fill: "none", ...this.ink("stroke", colour, alpha), "stroke-width": width };
    if (box) this.add("rect", { x: x - box[0], y: y - box[1], width: 2 * box[0], height: 2 * box[1], rx: 8, ...rim });
    else this.add("circle", { cx: x, cy: y, r, ...rim });
  }

  /** A label with its halo under it: two texts a line, for programs that do not know `paint-order`.
   * @param {Sprite} sprite @param {number} x @param {number} y @param {number} alpha */
  sprite({ rows, strong, ink }, x, y, alpha) {
    const { theme, textSize } = this,
      size = strong ? textSize + 2 : textSize,
      look = { "font-family": theme.font, "font-size": size, "font-weight": strong ? 650 : 450 };
    /** @type {(row: SpriteRow) => Record<string, string | number>} */
    const place = (row) => ({ x: x + row.x, y: y + row.y + row.drop, ...look });
    for (const row of rows)
      this.add(
        "text",
        {
          ...place(row),
          fill: "none",
          ...this.ink("stroke", theme.ground, 0.88 * alpha),
          "stroke-width": 4,
          "stroke-linejoin": "round",
          "aria-hidden": "true",
        },
        row.text,
      );
    for (const row of rows)
      this.add("text", { ...place(row), ...this.ink("fill", ink ?? theme.text, (strong ? 1 : 0.86) * alpha) }, row.text);
  }

  begin() {}

  flush() {}
}

/** Points and pictures as they lie on the stage, far ones first.
 * @param {Stage} stage @param {SvgRenderer} renderer */
function svgPoints(stage, renderer) {
  const { film, theme } = stage;
  if (film.large) {
    const { width, height } = stage,
      picture = stage.points.density?.picture(/** @type {LargeFilm} */ (film));
    if (picture) renderer.add("image", { x: 0, y: 0, width, height, href: picture.toDataURL("image/png") });
    return;
  }
  const positions = stage.screen.all().slice(),
    bytes = film.paint(theme, stage.frame, stage),
    stressed = film.emphasised(stage.selected);
  const edge = theme.dark ? between(theme.ground, [0, 0, 0], 0.5) : [255, 255, 255],
    halo = theme.dark ? 0.7 : 0.85;
  /** @type {(row: number) => number} */
  const depth = (row) => positions[row * 3 + 2];
  for (const row of film
    .labelOrder()
    .reverse()
    .filter((row) => depth(row) > 0.02)
    .sort((a, b) => depth(b) - depth(a))) {
    const x = positions[row * 3],
      y = positions[row * 3 + 1],
      r = stage.screen.radius(row, depth(row)),
      source = film.picture(row, stage.frame),
      g = film.groupAt(row, stage.frame);
    if (source) {
      if (!isPicture(source)) continue;
      const [across, tall] = stage.atlas?.shape(row, stage.frame) ?? [1, 1],
        dim = (stressed && !stressed.has(row)) || (stage.group !== null && g !== stage.group);
      const box = { x: x - r * across, y: y - r * tall, width: 2 * r * across, height: 2 * r * tall };
      if (dim) renderer.add("rect", { ...box, rx: r * 0.16, ...renderer.ink("fill", theme.ground) });
      for (const [state, share] of film.turning(row, stage.clock.p))
        renderer.add("image", {
          ...box,
          href: film.picture(row, state),
          opacity: dim || share < 1 ? share * (dim ? 0.45 : 1) : undefined,
        });
      for (const { share, colour, alpha } of FRAMES)
        renderer.add("rect", {
          x: box.x + (r * share) / 2,
          y: box.y + (r * share) / 2,
          width: box.width - r * share,
          height: box.height - r * share,
          rx: r * 0.16,
          fill: "none",
          ...renderer.ink("stroke", colour, dim ? alpha * 0.45 : alpha),
          "stroke-width": r * share,
        });
      if ((film.groups || film.frameGroups) && g >= 0)
        renderer.add("circle", {
          cx: x + r * 0.82,
          cy: y - r * 0.82,
          r: Math.max(4, r * 0.16),
          ...renderer.ink("fill", groupColour(theme, g)),
        });
      continue;
    }
    /** @type {(colour: Colour) => Colour} */
    const near = (colour) => between(colour, theme.ground, 1 - stage.screen.mist(depth(row))),
      fill = [...bytes.subarray(row * 4, row * 4 + 3)],
      alpha = bytes[row * 4 + 3] / 255,
      rim = Math.min(1.15, r * 0.35);
    const paint = {
      ...renderer.ink("fill", near(fill), alpha),
      ...renderer.ink("stroke", near(between(fill, edge, halo)), alpha),
      "stroke-width": rim,
    };
    const symbol = SYMBOLS[film.shape(row, stage.frame)],
      inner = r - rim / 2;
    if (symbol === "circle") renderer.add("circle", { cx: x, cy: y, r: inner, ...paint });
    else
      renderer.add("path", {
        d: OUTLINES[symbol === "x" ? "cross" : symbol](inner),
        transform: `translate(${x.toFixed(2)} ${y.toFixed(2)})${symbol === "x" ? " rotate(45)" : ""}`,
        ...paint,
      });
  }
}

/** The picture as SVG text, drawn by the same code as the picture itself.
 * @param {Stage} stage */
function svgText(stage) {
  const { film, theme } = stage,
    { width, height } = pictureSize(stage),
    now = performance.now(),
    { loop } = stage,
    before = loop.renderer;
  stage.draw(now, 0);
  const renderer = (loop.renderer = new SvgRenderer(stage));
  renderer.add("title", {}, film.alt || film.title || "Map");
  renderer.add("rect", { width, height, ...renderer.ink("fill", theme.ground) });
  drawBox(stage);
  stage.regions.draw(stage);
  stage.trails.draw(stage);
  stage.links.draw(stage, now);
  svgPoints(stage, renderer);
  drawRings(stage);
  stage.labels.draw(stage, 0);
  loop.renderer = before;
  const { words, marks, scale } = keyToColours(stage);
  for (const { symbol, colour, x, y } of marks)
    renderer.add("path", {
      d: outline(symbol, 5),
      transform: `translate(${x.toFixed(2)} ${y.toFixed(2)})${symbol === "x" ? " rotate(45)" : ""}`,
      ...renderer.ink("fill", colour),
    });
  for (let i = 0; scale && i < 60; i++)
    renderer.add("rect", {
      x: scale[0] + (scale[2] * i) / 60,
      y: scale[1],
      width: scale[2] / 60 + 0.5,
      height: scale[3],
      ...renderer.ink("fill", sequential(i / 59, theme.dark)),
    });
  for (const { text, x, y, size } of words)
    renderer.add(
      "text",
      {
        x,
        y: y + baseline(stage.labels.ruler, `${size}px ${theme.font}`),
        "font-family": theme.font,
        "font-size": size,
        ...renderer.ink("fill", theme.text),
      },
      text,
    );
  return new XMLSerializer().serializeToString(renderer.page);
}
