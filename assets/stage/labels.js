// @ts-check
/* Labels: which items are named, where, and how they are painted. Words are painted as text, never parsed. */

const LEADING = 1.15; // of a label of two lines

/** Labels that take free room greedily, the most important first, keep their side, and fade instead of flickering. */
class Labels {
  /** The labels by row.
   * @type {Map<number, ShownLabel>} */
  shown = new Map();
  /** @type {Map<string, LabelShape>} */
  sprites = new Map();
  /** When to choose anew, in milliseconds. */
  next = 0;
  /** What was painted last, for the pointer: row and box.
   * @type {[number, number[]][]} */
  boxes = [];
  ruler = contextOf(document.createElement("canvas"));

  /** Labels of points that stay keep their place in the next scene.
   * @param {Film | null} old @param {Film} film */
  carry(old, film) {
    const rows = new Map(film.keys.map((key, row) => [key, row]));
    const kept = this.shown;
    this.shown = new Map();
    for (const [before, label] of kept) {
      const row = old && rows.get(old.keys[before]);
      if (row !== null && row !== undefined) this.shown.set(row, label);
    }
    this.next = 0;
  }

  /** How large a label is, with a rim of 5 px, and what has been painted of it.
   * @param {string[]} lines @param {boolean} strong @param {{ theme: Theme, textSize: number, ratio: number }} stage @returns {LabelShape} */
  shape(lines, strong, { theme, textSize: size, ratio }) {
    const id = `${strong ? 1 : 0}|${size}|${ratio}|${theme.dark ? 1 : 0}|${theme.text}|${lines.join("\n")}`;
    const known = this.sprites.get(id);
    if (known) return known;
    if (this.sprites.size > 1500) this.sprites.clear();
    const letters = strong ? size + 2 : size,
      font = `${strong ? 650 : 450} ${letters}px ${theme.font}`,
      leading = letters * LEADING;
    this.ruler.font = font;
    const widths = lines.map((line) => this.ruler.measureText(line).width);
    const made = {
      font,
      widths,
      leading,
      width: Math.ceil(Math.max(...widths)) + 10,
      height: Math.ceil(size * 1.25 + (lines.length - 1) * leading) + 10,
      line: Math.ceil(size * 1.25) + 2,
      painted: new Map(),
    };
    this.sprites.set(id, made);
    return made;
  }

  /** A label painted once, with a halo; drawn as an image from then on (strokes are slow). Its lines begin (0), stand in the middle (0.5) or end (1) below each other.
   * @param {string[]} lines @param {boolean} strong @param {{ theme: Theme, textSize: number, ratio: number }} stage @returns {Sprite} */
  sprite(lines, strong, stage, align = 0) {
    const made = this.shape(lines, strong, stage),
      { font, widths, leading, width, height, painted } = made,
      { theme, ratio } = stage;
    const known = painted.get(align);
    if (known) return known;
    const canvas = document.createElement("canvas"),
      rows = lines.map((text, i) => ({
        text,
        x: 5 + (width - 10 - widths[i]) * align,
        y: height / 2 + (i - (lines.length - 1) / 2) * leading,
      }));
    canvas.width = width * ratio;
    canvas.height = height * ratio;
    const context = contextOf(canvas);
    context.scale(ratio, ratio);
    Object.assign(context, {
      font,
      textBaseline: "middle",
      lineJoin: "round",
      lineWidth: 4,
      strokeStyle: css(theme.ground, 0.88),
      fillStyle: css(theme.text, strong ? 1 : 0.86),
    });
    for (const { text, x, y } of rows) context.strokeText(text, x, y);
    for (const { text, x, y } of rows) context.fillText(text, x, y);
    const sprite = { canvas, width, height, rows, strong };
    painted.set(align, sprite);
    return sprite;
  }

  /** Choose anew shortly: the view moves. */
  soon() {
    this.next = Math.min(this.next, performance.now() + 180);
  }

  /** Decide which rows are named, and on which side.
   * @param {Stage} stage */
  choose(stage) {
    const { film, width, height } = stage,
      moving = stage.moving,
      stressed = film.emphasised(stage.selected);
    const most = clamp(Math.round((width * height) / 9500), 14, 80),
      taken = stage.legend.box ? [stage.legend.box] : [];
    /** @type {Map<number, ShownLabel>} */
    const next = new Map();
    const marks = film.n <= 160 ? stage.screen.all() : null,
      lines =
        marks && !moving
          ? film.links
              .filter(([, , style]) => style !== "arc")
              .map(([start, end]) => [stage.screen.at(start).slice(), stage.screen.at(end).slice()])
          : [];
    /** @type {number[]} */
    const first = [];
    if (stage.selected !== null) first.push(stage.selected);
    if (stage.hovered !== null) first.push(stage.hovered);
    first.push(...film.highlighted);
    if (stressed) first.push(...stressed);
    const rest = film.order.slice(0, moving ? 160 : 500),
      done = new Set();
    /** @type {(row: number, at: number) => boolean} */
    const fits = (row, at) => {
      const [x, y, depth] = stage.screen.at(row),
        strong = row === stage.selected || film.highlighted.includes(row),
        before = this.shown.get(row);
      const shape = this.shape(labelForms(film.items[row], film.listed)[at], strong, stage),
        sides = Labels.sides(x, y, shape, stage.screen.radius(row, depth) + 1, Boolean(film.images?.[row]), film.inRow);
      const all = film.listed
        ? [0, 2]
        : [0, 1, 2, 3, 4, 5, 6, 7].slice(0, film.inRow || labelForms(film.items[row]).length < 2 ? 4 : 8);
      const turn =
        before && !film.listed && all.includes(before.side) ? [before.side, ...all.filter((side) => side !== before.side)] : all;
      /** @type {{ side: number, box: number[], cost: number } | null} */
      let best = null;
      for (const side of turn) {
        const box = sides[side];
        if (box[0] < 0 || box[1] < 0 || box[2] > width || box[3] > height) continue;
        if (taken.some((other) => box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1])) continue;
        const covered = marks ? Labels.covers(box, marks, row, stage, stressed) : 0;
        if (film.images && covered >= (strong ? 10 : 1) && row !== stage.hovered && row !== stage.selected) continue; // words never lie on pictures that matter
        if (film.listed && side && covered) continue; // over the list, not in it
        const cost = covered + lines.filter(([start, end]) => Labels.meets(box, start, end)).length;
        if (!best || cost < best.cost) best = { side, box, cost };
        if (best.cost === 0 || film.listed) break;
      }
      if (!best) return false;
      taken.push(best.box);
      next.set(row, { side: best.side, strong, form: at, alpha: before ? before.alpha : 0, target: 1 });
      return true;
    };
    /** @type {[number, number][]} */
    let without = []; // words that found no room, with the form to try next
    /** @type {(row: number, at: number) => void} */
    const attempt = (row, at) => {
      if (fits(row, at) || at + 1 >= labelForms(film.items[row], film.listed).length) return;
      if (first.includes(row)) attempt(row, at + 1);
      else without.push([row, at + 1]); // what matters need not wait
    };
    for (const row of moving ? [...first, ...this.shown.keys(), ...rest] : [...first, ...rest]) {
      if (next.size >= most) break;
      if (done.has(row) || row >= film.n || !film.items[row].trim()) continue;
      done.add(row);
      if (stage.group !== null && !film.belongs(row, stage.group, stage.frame) && row !== stage.selected) continue;
      const [x, y, depth] = stage.screen.at(row);
      if (!(depth > 0.02) || x < -20 || y < -20 || x > width + 20 || y > height + 20) continue;
      attempt(row, moving ? Math.min(this.shown.get(row)?.form ?? 0, labelForms(film.items[row], film.listed).length - 1) : 0); // what was cut stays so until the film rests
    }
    while (without.length) {
      const again = without;
      without = [];
      for (const [row, at] of again) if (next.size < most) attempt(row, at);
    }
    for (const [row, label] of this.shown)
      if (!next.has(row) && label.alpha > 0.02 && row < film.n) next.set(row, { ...label, strong: false, target: 0 });
    this.shown = next;
  }

  /** Boxes to the right, left, above and below, then above and below to the right and left; at a row of points in two lines below and above; the rim of 5 px may overlap.
   * @param {number} x @param {number} y @param {LabelShape} shape @param {number} gap @param {boolean} below */
  static sides(x, y, { width, height, line }, gap, below, row = false) {
    const w = width - 6,
      h = height - 8,
      half = h / 2;
    const right = [x + gap, y - half, x + gap + w, y + half],
      left = [x - gap - w, y - half, x - gap, y + half];
    const away = Math.max(gap, line / 2 + 1); // clear of the labels at the sides
    const over = [x - w / 2, y - away - h, x + w / 2, y - away],
      under = [x - w / 2, y + away, x + w / 2, y + away + h];
    if (row) return [under, over, under.map((at, i) => (i % 2 ? at + h : at)), over.map((at, i) => (i % 2 ? at - h : at))]; // never on the row
    const aside = [over, under].flatMap((box) => [w / 2 - 8, 8 - w / 2].map((by) => box.map((at, i) => (i % 2 ? at : at + by)))); // for long words only
    return [...(below ? [under, over, right, left] : [right, left, over, under]), ...aside];
  }

  /** Does a line run through a box?
   * @param {number[]} box @param {Point} start @param {Point} end */
  static meets([left, top, right, bottom], [x0, y0], [x1, y1]) {
    let from = 0,
      to = 1;
    for (const [way, room] of [
      [x0 - x1, x0 - left],
      [x1 - x0, right - x0],
      [y0 - y1, y0 - top],
      [y1 - y0, bottom - y0],
    ]) {
      if (way === 0 && room < 0) return false;
      if (way < 0) from = Math.max(from, room / way);
      else if (way > 0) to = Math.min(to, room / way);
    }
    return from <= to;
  }

  /** What a label here would lie on: 1 for a point or a picture in the background, 10 for a picture that matters.
   * @param {number[]} box @param {Float32Array} positions @param {number} self @param {Stage} stage @param {Set<number> | null} stressed */
  static covers(box, positions, self, { film, atlas, frame }, stressed) {
    const half = film.markRadius() * 0.9;
    let cost = 0;
    for (let row = 0, i = 0; i < positions.length; row++, i += 3) {
      const [across, tall] = film.images?.[row] ? (atlas?.shape(row, frame) ?? [1, 1]) : [0, 0],
        wide = across ? half * across : 3,
        high = half * tall;
      if (
        row !== self &&
        positions[i] > box[0] - wide &&
        positions[i] < box[2] + wide &&
        positions[i + 1] > box[1] - high &&
        positions[i + 1] < box[3] + high
      )
        cost += across && stressed?.has(row) ? 10 : 1;
    }
    return cost;
  }

  /** Paint; returns true while a label is still fading.
   * @param {Stage} stage @param {number} dt */
  draw(stage, dt) {
    const still = !stage.moving && !stage.input.busy;
    /** @type {(x: number) => number} crisp at rest */
    const snap = (x) => (still ? Math.round(x * stage.ratio) / stage.ratio : x);
    let fading = false;
    this.boxes = [];
    if (!stage.labelsOn) return false;
    for (const [row, label] of this.shown) {
      const step = stage.calm ? 1 : dt / 0.22;
      label.alpha = label.target ? Math.min(1, label.alpha + step) : Math.max(0, label.alpha - step);
      if (label.alpha !== label.target) fading = true;
      if (!label.alpha && !label.target) {
        this.shown.delete(row);
        continue;
      }
      const [x, y, depth] = stage.screen.at(row);
      const forms = labelForms(stage.film.items[row], stage.film.listed),
        lines = forms[Math.min(label.form, forms.length - 1)],
        shape = this.shape(lines, label.strong, stage);
      const box = Labels.sides(
        x,
        y,
        shape,
        stage.screen.radius(row, depth) + 1,
        Boolean(stage.film.images?.[row]),
        stage.film.inRow,
      )[label.side];
      const part = (x - box[0]) / (box[2] - box[0]),
        align = part < 0.25 ? 0 : part > 0.75 ? 1 : 0.5;
      stage.renderer.sprite(
        this.sprite(lines, label.strong, stage, align),
        snap(box[0] - 3),
        snap(box[1] - 4),
        label.alpha * stage.screen.arrival(row) * (label.strong ? 1 : stage.screen.mist(depth)),
      );
      if (label.target) this.boxes.push([row, box]);
    }
    return fading;
  }
}
