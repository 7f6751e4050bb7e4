/* What is drawn round the points: the cube, trails and links under them, thumbnails, rings and labels over
 * them. Words are painted as text, never parsed. */

const LEADING = 1.15; // of a label of two lines
const LISTED = [64, 48, 32, 20]; // columns that a label in a list may take

/** Labels that claim free room greedily, keep their side, and fade instead of flickering. */
class Labels {
  constructor() { this.shown = new Map(); this.sprites = new Map(); this.next = 0; this.boxes = []; }

  /** Labels of points that stay keep their place in the next scene. */
  carry(old, film) {
    const rows = new Map(film.keys.map((key, row) => [key, row]));
    const kept = [...this.shown].map(([row, label]) => [rows.get(old?.keys[row]), label]).filter(([row]) => row !== undefined);
    this.shown = new Map(kept);
    this.next = 0;
  }

  /** What may stand for a word, the best first, as lines: whole in two lines, or cut to one where there is no room; in a list one line of what there is room for. */
  static forms(word, listed = false) {
    const id = `${listed ? 1 : 0}${word}`;
    let forms = Labels.known.get(id);
    if (forms) return forms;
    if (Labels.known.size > 4000) Labels.known.clear();
    const whole = listed ? [cutTo(word, LISTED[0])] : folded(word), cuts = (listed ? LISTED.slice(1) : [LINE]).map((most) => cutTo(word, most));
    forms = [whole, ...[...new Set(cuts)].filter((cut) => cut !== whole[0]).map((cut) => [cut])];
    Labels.known.set(id, forms);
    return forms;
  }

  /** How large a label is, with a rim of 5 px, and what has been painted of it. */
  shape(lines, strong, { theme, textSize: size, ratio }) {
    const id = `${strong ? 1 : 0}|${size}|${ratio}|${theme.dark ? 1 : 0}|${theme.text}|${lines.join("\n")}`;
    let made = this.sprites.get(id);
    if (made) return made;
    if (this.sprites.size > 1500) this.sprites.clear();
    const letters = strong ? size + 2 : size, font = `${strong ? 650 : 450} ${letters}px ${theme.font}`, ruler = (Labels.ruler ??= document.createElement("canvas").getContext("2d"));
    ruler.font = font;
    const widths = lines.map((line) => ruler.measureText(line).width);
    made = { lines, strong, font, widths, leading: letters * LEADING, width: Math.ceil(Math.max(...widths)) + 10, painted: new Map() };
    made.line = Math.ceil(size * 1.25) + 2;
    made.height = Math.ceil(size * 1.25 + (lines.length - 1) * made.leading) + 10;
    this.sprites.set(id, made);
    return made;
  }

  /** A label painted once, with a halo; drawn as an image from then on (strokes are slow). Its lines begin (0), stand in the middle (0.5) or end (1) below each other. */
  sprite(lines, strong, stage, align = 0) {
    const made = this.shape(lines, strong, stage), { font, widths, leading, width, height, painted } = made, { theme, ratio } = stage;
    if (painted.has(align)) return painted.get(align);
    const canvas = document.createElement("canvas"), rows = lines.map((text, i) => ({ text, x: 5 + (width - 10 - widths[i]) * align, y: height / 2 + (i - (lines.length - 1) / 2) * leading }));
    canvas.width = width * ratio;
    canvas.height = height * ratio;
    const pen = canvas.getContext("2d");
    pen.scale(ratio, ratio);
    Object.assign(pen, { font, textBaseline: "middle", lineJoin: "round", lineWidth: 4, strokeStyle: css(theme.ground, 0.88), fillStyle: css(theme.text, strong ? 1 : 0.86) });
    for (const { text, x, y } of rows) pen.strokeText(text, x, y);
    for (const { text, x, y } of rows) pen.fillText(text, x, y);
    const sprite = { canvas, width, height, rows, strong };
    painted.set(align, sprite);
    return sprite;
  }

  /** Decide which rows may speak and on which side. `stage.place(row)` gives pixels. */
  choose(stage) {
    const { film, width, height } = stage, moving = stage.moving, stressed = film.emphasised(stage.selected);
    const most = clamp(Math.round((width * height) / 9500), 14, 80), taken = stage.legend.box ? [stage.legend.box] : [], next = new Map();
    const crowded = film.n <= 160 ? stage.allPlaces() : null, lines = crowded && !moving ? film.links.filter(([, , style]) => style !== "arc").map(([start, end]) => [stage.place(start).slice(), stage.place(end).slice()]) : [];
    const first = [];
    if (stage.selected !== null) first.push(stage.selected);
    if (stage.hovered !== null) first.push(stage.hovered);
    first.push(...film.highlighted);
    if (stressed) first.push(...stressed);
    const rest = film.order.slice(0, moving ? 160 : 500), done = new Set();
    const seat = (row, at) => {
      const [x, y, depth] = stage.place(row), strong = row === stage.selected || film.highlighted.includes(row), before = this.shown.get(row);
      const shape = this.shape(Labels.forms(film.items[row], film.listed)[at], strong, stage), sides = Labels.sides(x, y, shape, stage.radiusAt(row, depth) + 1, Boolean(film.images?.[row]), film.inRow);
      const all = film.listed ? [0, 2] : [0, 1, 2, 3, 4, 5, 6, 7].slice(0, film.inRow || Labels.forms(film.items[row]).length < 2 ? 4 : 8);
      const turn = !film.listed && all.includes(before?.side) ? [before.side, ...all.filter((side) => side !== before.side)] : all;
      let best = null;
      for (const side of turn) {
        const box = sides[side];
        if (box[0] < 0 || box[1] < 0 || box[2] > width || box[3] > height) continue;
        if (taken.some((other) => box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1])) continue;
        const covered = crowded ? Labels.covers(box, crowded, row, stage, stressed) : 0;
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
    let without = []; // words that found no room, with the form to try next
    const claim = (row, at) => {
      if (seat(row, at) || at + 1 >= Labels.forms(film.items[row], film.listed).length) return;
      if (first.includes(row)) claim(row, at + 1); else without.push([row, at + 1]); // what matters need not wait
    };
    for (const row of moving ? [...first, ...this.shown.keys(), ...rest] : [...first, ...rest]) {
      if (next.size >= most) break;
      if (done.has(row) || row >= film.n || !film.items[row].trim()) continue;
      done.add(row);
      if (stage.group !== null && !film.belongs(row, stage.group, stage.frame) && row !== stage.selected) continue;
      const [x, y, depth] = stage.place(row);
      if (!(depth > 0.02) || x < -20 || y < -20 || x > width + 20 || y > height + 20) continue;
      claim(row, moving ? Math.min(this.shown.get(row)?.form ?? 0, Labels.forms(film.items[row], film.listed).length - 1) : 0); // what was cut stays so until the film rests
    }
    while (without.length) {
      const again = without;
      without = [];
      for (const [row, at] of again) if (next.size < most) claim(row, at);
    }
    for (const [row, label] of this.shown)
      if (!next.has(row) && label.alpha > 0.02 && row < film.n) next.set(row, { ...label, strong: false, target: 0 });
    this.shown = next;
  }

  /** Boxes to the right, left, above and below, then above and below to the right and left; at a row of points in two lines below and above; the rim of 5 px may overlap. */
  static sides(x, y, { width, height, line }, gap, below, row = false) {
    const w = width - 6, h = height - 8, half = h / 2;
    const right = [x + gap, y - half, x + gap + w, y + half], left = [x - gap - w, y - half, x - gap, y + half];
    const away = Math.max(gap, line / 2 + 1); // clear of the labels at the sides
    const over = [x - w / 2, y - away - h, x + w / 2, y - away], under = [x - w / 2, y + away, x + w / 2, y + away + h];
    if (row) return [under, over, under.map((at, i) => (i % 2 ? at + h : at)), over.map((at, i) => (i % 2 ? at - h : at))]; // never on the row
    const aside = [over, under].flatMap((box) => [w / 2 - 8, 8 - w / 2].map((by) => box.map((at, i) => (i % 2 ? at : at + by)))); // for long words only
    return [...(below ? [under, over, right, left] : [right, left, over, under]), ...aside];
  }

  /** Does a line run through a box? */
  static meets([left, top, right, bottom], [x0, y0], [x1, y1]) {
    let from = 0, to = 1;
    for (const [way, room] of [[x0 - x1, x0 - left], [x1 - x0, right - x0], [y0 - y1, y0 - top], [y1 - y0, bottom - y0]]) {
      if (way === 0 && room < 0) return false;
      if (way < 0) from = Math.max(from, room / way);
      else if (way > 0) to = Math.min(to, room / way);
    }
    return from <= to;
  }

  /** What a label here would lie on: 1 for a point or a picture of the crowd, 10 for a picture that matters. */
  static covers(box, places, self, { film, atlas, frame }, stressed) {
    const half = film.markRadius() * 0.9;
    let cost = 0;
    for (let row = 0, i = 0; i < places.length; row++, i += 3) {
      const [across, tall] = film.images?.[row] ? atlas?.shape(row, frame) ?? [1, 1] : [0, 0], wide = across ? half * across : 3, high = half * tall;
      if (row !== self && places[i] > box[0] - wide && places[i] < box[2] + wide && places[i + 1] > box[1] - high && places[i + 1] < box[3] + high) cost += across && stressed?.has(row) ? 10 : 1;
    }
    return cost;
  }

  /** Paint; returns true while a label is still fading. */
  draw(stage, dt) {
    const snap = stage.moving || stage.hands.busy ? (x) => x : (x) => Math.round(x * stage.ratio) / stage.ratio; // crisp at rest
    let fading = false;
    this.boxes = [];
    if (!stage.labelsOn) return false;
    for (const [row, label] of this.shown) {
      const step = stage.calm ? 1 : dt / 0.22;
      label.alpha = label.target ? Math.min(1, label.alpha + step) : Math.max(0, label.alpha - step);
      if (label.alpha !== label.target) fading = true;
      if (!label.alpha && !label.target) { this.shown.delete(row); continue; }
      const [x, y, depth] = stage.place(row);
      const forms = Labels.forms(stage.film.items[row], stage.film.listed), lines = forms[Math.min(label.form, forms.length - 1)], shape = this.shape(lines, label.strong, stage);
      const box = Labels.sides(x, y, shape, stage.radiusAt(row, depth) + 1, Boolean(stage.film.images?.[row]), stage.film.inRow)[label.side];
      const part = (x - box[0]) / (box[2] - box[0]), align = part < 0.25 ? 0 : part > 0.75 ? 1 : 0.5;
      stage.pen.sprite(this.sprite(lines, label.strong, stage, align), snap(box[0] - 3), snap(box[1] - 4), label.alpha * stage.arrival(row) * (label.strong ? 1 : stage.mist(depth)));
      if (label.target) this.boxes.push([row, box]);
    }
    return fading;
  }
}

Labels.known = new Map();

const THICKEST = 14; // pixels, of an arc that holds all of the weight
const FAINTEST = 0.02; // weight from which an arc that changes comes into sight; at twice as much it is all there

/** Lines between items; each grows in its turn, in rank order. */
class Links {
  constructor() { this.born = new Map(); }

  static id(film, [start, end, style]) { return JSON.stringify([film.keys[start], film.keys[end], style]); }

  /** Keep what is already drawn; line the new ones up from `now` on. */
  load(film, now) {
    const old = this.born;
    const wait = Math.min(120, 2400 / film.links.length); // many lines must not take half a minute
    let turn = 0;
    this.born = new Map(film.links.map((link) => [Links.id(film, link), old.get(Links.id(film, link)) ?? now + wait * turn++]));
  }

  draw(stage, now) {
    const { pen, theme } = stage;
    let growing = false;
    for (const link of [...stage.film.links].reverse()) { // what ranks first lies on top
      const [start, end, style] = link, age = stage.calm ? 1 : clamp((now - (this.born.get(Links.id(stage.film, link)) ?? 0)) / 320, 0, 1);
      if (age < 1) growing = true;
      if (age <= 0) continue;
      const a = stage.place(start).slice(), b = stage.place(end).slice(), u = smoothstep(age);
      if (!(a[2] > 0.02 && b[2] > 0.02)) continue;
      if (style === "arc") { this.arc(stage, a, b, link, u); continue; }
      const length = Math.hypot(b[0] - a[0], b[1] - a[1]) || 1, ux = (b[0] - a[0]) / length, uy = (b[1] - a[1]) / length;
      const near = Math.min(stage.radiusAt(start, a[2]), length / 2), far = Math.min(stage.radiusAt(end, b[2]) + (style === "path" ? 3 : 0), length / 2);
      const x0 = a[0] + ux * near, y0 = a[1] + uy * near, reach = Math.max(length - near - far, 0) * u, x1 = x0 + ux * reach, y1 = y0 + uy * reach;
      const colour = style === "path" ? theme.text : style === "torn" ? theme.colours[3] : theme.accent;
      const width = (style === "path" ? 2.6 : 2) * stage.film.grow, alpha = style === "torn" ? 0.75 : 0.82;
      pen.line(x0, y0, x1, y1, width, colour, alpha, style === "torn" ? [6, 5] : undefined);
      if (style === "path" && reach > 4)
        for (const side of [1, -1]) pen.line(x1 - ux * 11 - side * uy * 5.5, y1 - uy * 11 + side * ux * 5.5, x1 + ux, y1 + uy, width, colour, alpha);
    }
    return growing;
  }

  /** Half an ellipse over the way from a to b, on its left, of which `u` has grown: short strokes of one solid colour, so that they may overlap. */
  arc(stage, a, b, link, u) {
    const { pen, theme, film } = stage, [, , , , bend, group, changes] = link, weight = film.weightAt(link, stage.clock.p), seen = changes ? clamp((weight - FAINTEST) / FAINTEST, 0, 1) : 1;
    if (!seen) return;
    const dx = b[0] - a[0], dy = b[1] - a[1], length = Math.hypot(dx, dy), steps = 2 * clamp(Math.ceil(length / 14), 8, 32);
    const strength = seen * (stage.group !== null && stage.group !== group ? 0.12 : 0.3 + 0.7 * Math.min(1.5 * weight, 1)), colour = between(theme.ground, theme.colours[group % 8], strength);
    const width = Math.max(1, THICKEST * weight) * film.grow, spot = (i) => {
      const turn = (Math.PI * u * i) / steps, along = (1 - Math.cos(turn)) / 2, rise = bend * Math.sin(turn);
      return [a[0] + dx * along + dy * rise, a[1] + dy * along - dx * rise];
    };
    for (let i = 0, from = spot(0); i < steps && length > 0; i++) {
      const to = spot(i + 1), part = Math.hypot(to[0] - from[0], to[1] - from[1]) || 1, over = (0.08 * width) / part;
      const [x, y] = [(to[0] - from[0]) * over, (to[1] - from[1]) * over];
      pen.line(from[0] - x, from[1] - y, to[0] + x, to[1] + y, width, colour, 1);
      from = to;
    }
  }
}

/** Where points came from: the path so far, brighter toward now. */
class Trails {
  rows(stage) {
    const { film } = stage, chosen = film.trails.length ? film.trails.slice(0, 60) : (this.made?.film === film ? this.made.rows : (this.made = { film, rows: film.movers(Math.min(12, film.n)) }).rows);
    return stage.selected !== null && !chosen.includes(stage.selected) ? [...chosen, stage.selected] : chosen;
  }

  draw(stage) {
    const { film, pen, theme } = stage, p = stage.clock.p;
    if (!stage.trailsOn || stage.segment || film.last < 1 || p <= 0) return;
    const fine = 6, steps = [];
    for (let k = 0; k < p; k += 1 / fine) steps.push(k);
    steps.push(p);
    const point = [0, 0, 0], pixel = [0, 0, 0];
    for (const row of this.rows(stage)) {
      const g = film.groupAt(row, stage.frame), colour = film.groups || film.frameGroups ? (g < 0 ? theme.crowd : theme.colours[g % 8]) : film.values ? sequential(film.values[row], theme.dark) : row === stage.selected ? theme.accent : theme.colours[0];
      let x = null, y = null;
      steps.forEach((k, i) => {
        project(stage.matrix, film.at(row, k, point), stage.width, stage.height, pixel);
        if (x !== null) {
          const age = i / steps.length;
          pen.line(x, y, pixel[0], pixel[1], (0.8 + 2.2 * age) * film.grow, colour, 0.14 + 0.6 * age ** 1.5);
        }
        x = pixel[0];
        y = pixel[1];
      });
    }
  }
}

/** Thumbnails, cut once into one atlas with round corners; the mark of an item that is an image. */
class Atlas {
  constructor(film, ratio, done) {
    const images = film.sources();
    this.starts = new Map(); // the first cell of a row whose picture changes
    for (const row of film.changing.keys()) this.starts.set(row, film.n + film.count * this.starts.size);
    this.side = Math.round(64 * Math.min(ratio, 2));
    this.pitch = this.side + 4; // free pixels between the cells: a neighbour's rim must not shine in when one is scaled
    this.columns = Math.max(1, Math.ceil(Math.sqrt(images.length)));
    this.canvas = document.createElement("canvas");
    this.canvas.width = this.columns * this.pitch;
    this.canvas.height = Math.ceil(images.length / this.columns) * this.pitch;
    this.ready = new Uint8Array(images.length);
    this.shapes = images.map(() => [1, 1]); // width and height in cells
    const pen = this.canvas.getContext("2d");
    images.forEach((source, row) => {
      if (!/^data:image\/(png|jpeg|webp|gif|avif);base64,/.test(source)) return; // never a network address
      const image = new Image();
      image.onload = () => {
        const { naturalWidth: w, naturalHeight: h } = image, scale = this.side / Math.max(w, h, 1);
        const [x, y] = this.corner(row), across = w * scale, tall = h * scale, left = x + (this.side - across) / 2, top = y + (this.side - tall) / 2;
        this.shapes[row] = [across / this.side, tall / this.side];
        pen.save();
        pen.beginPath();
        pen.roundRect(left, top, across, tall, this.side * 0.08);
        pen.clip();
        pen.drawImage(image, left, top, across, tall);
        for (const [width, colour] of [[0.08, "rgba(255, 255, 255, .9)"], [0.03, "rgba(27, 31, 42, .6)"]]) { // a rim of two, so that pictures stay apart on any ground
          pen.lineWidth = this.side * width;
          pen.strokeStyle = colour;
          pen.stroke();
        }
        pen.restore();
        this.ready[row] = 1;
        done();
      };
      image.src = source;
    });
  }

  /** The cell that a row shows in a key state; its own where that one could not be read. */
  cell(row, frame) {
    const at = this.starts.has(row) ? this.starts.get(row) + frame : row;
    return this.ready[at] ? at : row;
  }

  /** How wide and high a row's picture is there, in cells. */
  shape(row, frame) { return this.shapes[this.cell(row, frame)]; }

  corner(row) { return [(row % this.columns) * this.pitch + 2, Math.floor(row / this.columns) * this.pitch + 2]; }

  draw(stage) {
    const { film, theme } = stage, pen = stage.pen.context, rows = film.labelOrder().reverse(), places = stage.allPlaces();
    if (film.dimensions === 3 || stage.view.dim === 3) rows.sort((a, b) => places[b * 3 + 2] - places[a * 3 + 2]);
    const stressed = film.emphasised(stage.selected), weight = (row) => (row === stage.selected ? 2 : stressed?.has(row) ? 1 : 0);
    if (stressed && stage.view.dim !== 3) rows.sort((a, b) => weight(a) - weight(b)); // what matters lies on top
    for (const row of rows) {
      const x = places[row * 3], y = places[row * 3 + 1], depth = places[row * 3 + 2];
      if (!this.ready[row] || !(depth > 0.02)) continue;
      const half = stage.radiusAt(row, depth), g = film.groupAt(row, stage.frame);
      const here = stage.arrival(row), dim = (stressed && !stressed.has(row)) || (stage.group !== null && g !== stage.group), [across, tall] = this.shape(row, stage.frame);
      if (dim) { // greyed, not glassy: pictures that lie on each other must not blend
        pen.globalAlpha = here;
        pen.fillStyle = css(theme.ground);
        pen.beginPath();
        pen.roundRect(x - half * across, y - half * tall, 2 * half * across, 2 * half * tall, half * 0.16);
        pen.fill();
      }
      for (const [state, share] of film.turning(row, stage.clock.p)) {
        const [sx, sy] = this.corner(this.cell(row, state));
        pen.globalAlpha = here * share * (dim ? 0.45 : 1);
        pen.drawImage(this.canvas, sx, sy, this.side, this.side, x - half, y - half, 2 * half, 2 * half);
      }
      pen.globalAlpha = here * (dim ? 0.45 : 1);
      if ((film.groups || film.frameGroups) && g >= 0) {
        pen.fillStyle = css(theme.colours[g % 8]);
        pen.beginPath();
        pen.arc(x + half * 0.82, y - half * 0.82, Math.max(4, half * 0.16), 0, 7);
        pen.fill();
      }
    }
    pen.globalAlpha = 1;
  }
}

/** A ring round the selected and the hovered point. */
function drawRings(stage) {
  const { pen, theme } = stage;
  const ring = (row, colour, grow, wide) => {
    const [x, y, depth] = stage.place(row), radius = stage.radiusAt(row, depth);
    const box = stage.film.images?.[row] ? (stage.atlas?.shape(row, stage.frame) ?? [1, 1]).map((share) => radius * share + grow) : null; // as wide and high as the picture
    if (depth > 0.02) pen.ring(x, y, radius + grow, wide, colour, 0.95 * stage.arrival(row), box);
  };
  if (stage.hovered !== null && stage.hovered !== stage.selected) ring(stage.hovered, theme.text, 2.5, 1.5);
  if (stage.selected !== null) ring(stage.selected, theme.accent, 3, 2.5);
}

/** The box of a 3-D map, faint: depth needs something that turns. */
function drawBox(stage) {
  if (stage.view.dim !== 3) return;
  const { pen, theme, view } = stage, corners = [];
  for (const corner of view.corners()) corners.push(project(stage.matrix, corner, stage.width, stage.height, [0, 0, 0]));
  for (let i = 0; i < 8; i++)
    for (const axis of [1, 2, 4]) {
      const j = i | axis, [a, b] = [corners[i], corners[j]];
      if (j === i || a[2] < 0.05 || b[2] < 0.05) continue;
      pen.line(a[0], a[1], b[0], b[1], 1, theme.text, 0.17 * stage.mist((a[2] + b[2]) / 2) * stage.tilt());
    }
}
