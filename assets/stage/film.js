// @ts-check
/* The film. What Python sent, as typed arrays, and where each point is at any moment. */

/** A column from Arrow (in the app) or base64 (in an exported file) as a typed array; null where absent.
 * @param {Column | null | undefined} source @returns {any} */
function column(source) {
  if (!source) return null;
  if (ArrayBuffer.isView(source)) return source;
  if (source.getChild) return source.getChild("v").toArray();
  const text = atob(source.base64),
    bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return new { float32: Float32Array, int16: Int16Array, uint16: Uint16Array, uint8: Uint8Array }[source.dtype](bytes.buffer);
}

const LEAST = 0.05; // of a film's largest extent: nearer than that the view does not go

/** The box between two corners; no flatter than a thousandth of its longest edge, no smaller than `least`.
 * @param {number[]} low @param {number[]} high @returns {Box} */
function boxOf(low, high, least = 0) {
  const half = low.map((x, axis) => (high[axis] - x) / 2),
    longest = Math.max(...half) || (least ? 0 : 1),
    radius = Math.max(longest, least);
  return {
    centre: low.map((x, axis) => (x + high[axis]) / 2),
    half: half.map((x) => (x === longest ? radius : Math.max(x, radius * 1e-3))),
    radius,
  };
}

/** From which azimuth points (x, y, z; flat) are widest across, near the usual one: how a map is turned means nothing.
 * @param {Float32Array} points */
function widestSide(points) {
  let best = -1,
    side = AZIMUTH;
  for (let step = 0; step < 13; step++) {
    const azimuth = AZIMUTH + (step % 2 ? 0.1 : -0.1) * Math.ceil(step / 2),
      [cos, sin] = [Math.cos(azimuth), Math.sin(azimuth)];
    let low = Infinity,
      high = -Infinity;
    for (let i = 0; i < points.length; i += 3) {
      const x = points[i] * cos + points[i + 1] * sin;
      if (x < low) low = x;
      if (x > high) high = x;
    }
    if (high - low > best * 1.001) [best, side] = [high - low, azimuth];
  }
  return side;
}

class Film {
  /** How much larger points are than on a small stage. */
  grow = 1;
  /** @type {Map<string, number> | null} the row of each key, once it was asked for */
  rows = null;

  /** @param {Payload} data */
  constructor(data) {
    Object.assign(this, data.scene);
    this.n = this.items.length;
    this.count = this.frameNames.length;
    this.last = this.count - 1;
    /** @type {Int16Array | Uint8Array | Uint16Array | null} */
    this.groups = column(data.groups);
    /** @type {Float32Array | Uint8Array | Uint16Array | null} */
    this.values = column(data.values);
    /** @type {Float32Array | null} */
    this.sizes = column(data.sizes);
    /** @type {Float32Array | null} */
    this.priority = column(data.priority);
    /** @type {Int16Array | null} */
    this.frameGroups = column(data.frameGroups);
    this.finer = column(data.finer);
    this.keys ??= this.items;
    this.flowing = this.kind === "recorded";
    this.changing = new Map(this.frameImages ?? []); // pictures that change with the film: row, one a key state
    this.frames = this.unpack(column(data.frames) ?? new Float32Array(0));
    this.inRow = this.stands();
    this.listed = this.lists();
    this.arcEnds = this.endsOfArcs();
    this.spans = this.edges();
    this.box = this.bounds();
    /** The azimuth from which a 3-D map is seen. */
    this.side = this.dimensions === 3 ? widestSide(this.frames.subarray(this.last * this.n * 3)) : 0;
    this.order = this.labelOrder();
    this.peeks = this.images; // under the pointer; above 200 pictures only those that matter are marks, the others points
    this.pictures = this.images?.filter(Boolean).length ?? 0;
    if (this.pictures > 200) {
      const marks = this.emphasised(this.selected);
      this.images = need(this.images).map((image, row) => (marks?.has(row) ? image : ""));
    }
  }

  /** Always three coordinates a point: a flat map lies in the plane z = 0.
   * @param {Float32Array} flat */
  unpack(flat) {
    if (this.dimensions === 3) return flat;
    const out = new Float32Array((flat.length / 2) * 3);
    for (let i = 0, j = 0; i < flat.length; i += 2, j += 3) {
      out[j] = flat[i];
      out[j + 1] = flat[i + 1];
    }
    return out;
  }

  /** The lowest and the highest coordinates in each key state: six numbers a state, low and high of x, y and z.
   * @returns {Float64Array} */
  edges() {
    const step = this.n * 3,
      out = new Float64Array(this.count * 6),
      arcs = this.links.filter(([, , style]) => style === "arc");
    for (let state = 0; state < this.count; state++) {
      const at = state * 6;
      for (let axis = 0; axis < 3; axis++) {
        let low = Infinity,
          high = -Infinity;
        for (let i = state * step + axis, end = (state + 1) * step; i < end; i += 3) {
          const x = this.frames[i];
          if (x < low) low = x;
          if (x > high) high = x;
        }
        out[at + axis] = low;
        out[at + 3 + axis] = high;
      }
      for (const [start, end, , , bend = 0] of arcs) {
        // arcs rise out of the row their ends stand in; the other side keeps the same room
        const a = state * step + start * 3,
          b = state * step + end * 3,
          [x, y] = [this.frames[a], this.frames[a + 1]],
          [dx, dy] = [this.frames[b] - x, this.frames[b + 1] - y];
        for (const side of [bend, -bend])
          [x + dx / 2 - dy * side, y + dy / 2 + dx * side].forEach((spot, axis) => {
            out[at + axis] = Math.min(out[at + axis], spot);
            out[at + 3 + axis] = Math.max(out[at + 3 + axis], spot);
          });
      }
    }
    return out;
  }

  /** One box around every key state.
   * @returns {Box} */
  bounds() {
    if (!this.n) return { centre: [0, 0, 0], half: [1, 1, 1], radius: 1 };
    const states = [...Array(this.count).keys()].map((state) => this.spans.subarray(state * 6, state * 6 + 6));
    return boxOf(
      [0, 1, 2].map((axis) => Math.min(...states.map((span) => span[axis]))),
      [3, 4, 5].map((axis) => Math.max(...states.map((span) => span[axis]))),
    );
  }

  /** The box round all points at moment p. Its edges travel as the points do, so it holds them on the way too. A state in which
   * all stand in one place is not blown up.
   * @param {number} p @returns {Box} */
  boxAt(p) {
    if (!this.n || !this.last) return this.box;
    const [k, u] = this.leg(clamp(p, 0, this.last)),
      states = [Math.max(k - 1, 0), k, Math.min(k + 1, this.last), Math.min(k + 2, this.last)],
      now = Array.from({ length: 6 }, (_, i) => {
        const [a, b, c, d] = states.map((state) => this.spans[state * 6 + i]);
        return this.flowing ? flow(a, b, c, d, u) : mix(b, c, smoothstep(u));
      });
    return boxOf(now.slice(0, 3), now.slice(3), LEAST * this.box.radius);
  }

  /** What an item is called.
   * @param {number} row */
  name(row) {
    return this.items[row];
  }

  /** What an item is across scenes.
   * @param {number} row */
  key(row) {
    return this.keys[row];
  }

  /** The value of an item, from 0 to 1, where values colour the points.
   * @param {number} row */
  valueAt(row) {
    return this.values ? this.values[row] : NaN;
  }

  /** The rows that stand for all: here all of them.
   * @returns {Iterable<number>} */
  sample() {
    return Array(this.n).keys();
  }

  /** Where an item is in a key state.
   * @param {number} row @param {number} state @returns {Point} */
  placeIn(row, state) {
    const at = (state * this.n + row) * 3;
    return this.frames.subarray(at, at + 3);
  }

  /** All pictures: one an item, then those of items that change.
   * @returns {string[]} */
  sources() {
    return [...(this.images ?? []), ...[...this.changing.values()].flat()];
  }

  /** The picture of a row in a key state.
   * @param {number} row @param {number} frame */
  picture(row, frame) {
    return this.images?.[row] && (this.changing.get(row)?.[frame] || this.images[row]);
  }

  /** The key states whose picture a row shows at moment p, with their opacity, the lowest first: one fades into the next in the middle of a leg.
   * @param {number} row @param {number} p @returns {[state: number, share: number][]} */
  turning(row, p) {
    const [k, u] = this.leg(p),
      fade = this.changing.has(row) ? clamp(u * 3 - 1, 0, 1) : 0,
      next = Math.min(k + 1, this.last);
    if (fade <= 0 || fade >= 1) return [[fade <= 0 ? k : next, 1]];
    return [
      [k, 1],
      [next, fade],
    ];
  }

  /** Do all points of a flat map stand in one row? Their words then stand under them. Told from the positions, not declared: it is about room for words, and holds for every scene and saved talk. */
  stands() {
    return this.dimensions === 2 && this.n > 2 && this.frames.every((x, i) => i % 3 !== 1 || x === this.frames[1]);
  }

  /** Do the points of a flat map stand in columns, line by line? Their words then stand to the right, in one line each. */
  lists() {
    const { n, dimensions, frames } = this;
    return (
      dimensions === 2 &&
      n > 4 &&
      n <= 160 &&
      Array.from(
        { length: this.count },
        (_, f) => new Set(Array.from({ length: n }, (_, row) => frames[(f * n + row) * 3])).size,
      ).every((columns) => columns <= n / 3)
    );
  }

  /** The rows at the ends of arcs, by the arcs' colour.
   * @returns {Map<number, Set<number>>} */
  endsOfArcs() {
    /** @type {Map<number, Set<number>>} */
    const rows = new Map();
    for (const [start, end, style, , , group = 0] of this.links)
      if (style === "arc") rows.set(group, (rows.get(group) ?? new Set()).add(start).add(end));
    return rows;
  }

  /** Is this row in a group, or at the end of an arc of that colour?
   * @param {number} row @param {number} group @param {number} frame */
  belongs(row, group, frame) {
    return this.groupAt(row, frame) === group || Boolean(this.arcEnds.get(group)?.has(row));
  }

  /** Rows in the order in which labels claim their place; those below zero are only named when they are looked at, and come last of `all`. */
  labelOrder(all = false) {
    const rows = Array.from({ length: this.n }, (_, row) => row);
    const { priority } = this;
    return priority ? rows.filter((row) => all || priority[row] >= 0).sort((a, b) => priority[b] - priority[a] || a - b) : rows;
  }

  /** The key states around moment p: the leg's index and how far along it is.
   * @param {number} p @returns {[leg: number, u: number]} */
  leg(p) {
    const k = clamp(Math.floor(p), 0, Math.max(this.last - 1, 0));
    return [k, this.last ? p - k : 0];
  }

  /** Where point `row` is at moment p; the same curve as the vertex shader draws.
   * @template {Point} T @param {number} row @param {number} p @param {T} out @returns {T} */
  at(row, p, out) {
    const [k, u] = this.leg(p),
      step = this.n * 3,
      here = row * 3,
      f = this.frames;
    const b = k * step + here,
      c = Math.min(k + 1, this.last) * step + here;
    const a = Math.max(k - 1, 0) * step + here,
      d = Math.min(k + 2, this.last) * step + here;
    const eased = smoothstep(u);
    for (let axis = 0; axis < 3; axis++)
      out[axis] = this.flowing ? flow(f[a + axis], f[b + axis], f[c + axis], f[d + axis], u) : mix(f[b + axis], f[c + axis], eased);
    return out;
  }

  /** Where all points are at moment p: three numbers a point, written into `out`.
   * @param {number} p @param {Float32Array} out */
  allAt(p, out) {
    const [k, u] = this.leg(p),
      step = this.n * 3,
      f = this.frames,
      b = k * step,
      c = Math.min(k + 1, this.last) * step,
      a = Math.max(k - 1, 0) * step,
      d = Math.min(k + 2, this.last) * step,
      eased = smoothstep(u);
    if (u === 0 || u === 1) out.set(f.subarray(u ? c : b, (u ? c : b) + step));
    else if (this.flowing) for (let i = 0; i < step; i++) out[i] = flow(f[a + i], f[b + i], f[c + i], f[d + i], u);
    else for (let i = 0; i < step; i++) out[i] = mix(f[b + i], f[c + i], eased);
  }

  /** The category of a row in a key state; 0 where there are none.
   * @param {number} row @param {number} frame */
  groupAt(row, frame) {
    if (this.frameGroups) return this.frameGroups[frame * this.n + row];
    return this.groups ? this.groups[row] : 0;
  }

  /** The weight of an arc at moment p.
   * @param {LinkValues} link @param {number} p */
  weightAt([, , , weight = 0, , , weights], p) {
    const [k, u] = this.leg(p);
    return weights ? mix(weights[k], weights[Math.min(k + 1, this.last)], u) : weight;
  }

  /** Diameter in CSS pixels: smaller where there are many, larger on a large stage.
   * @param {number} row */
  diameter(row) {
    const n = this.n;
    const base = n <= 40 ? 14 : n <= 150 ? 11 : n <= 600 ? 8.5 : n <= 2500 ? 6.5 : n <= 8000 ? 5 : 4;
    return base * this.grow * (this.sizes ? clamp(this.sizes[row], 0.2, 5) : 1);
  }

  /** Half the side of a picture in CSS pixels: smaller where there are many, or where words share the map. */
  markRadius() {
    return clamp(175 / Math.sqrt(2 * this.n - this.pictures), 15, 40) * this.grow;
  }

  /** Rows that the eye should follow: selected, highlighted, and the ends of links. Null: all alike.
   * @param {number | null} [selected] @returns {Set<number> | null} */
  emphasised(selected) {
    const rows = new Set(this.highlighted);
    if (selected !== null && selected !== undefined) rows.add(selected);
    if (!rows.size) return null;
    for (const [start, end] of this.links) {
      rows.add(start);
      rows.add(end);
    }
    return rows;
  }

  /** RGBA bytes for every point in key state `frame`.
   * @param {Theme} theme @param {number} frame @param {{ selected?: number | null, group?: number | null, presence?: Uint8Array | null }} [focus] */
  paint(theme, frame, { selected, group = null, presence } = {}) {
    const out = new Uint8Array(this.n * 4),
      stressed = this.emphasised(selected);
    const plain = this.groups || this.frameGroups || this.values ? null : theme.colours[0];
    for (let row = 0; row < this.n; row++) {
      const there = presence ? presence[row] : 2,
        near = stressed?.has(row) ?? false,
        g = this.groupAt(row, frame),
        none = this.values ? Number.isNaN(this.values[row]) : g < 0;
      if (!there) continue;
      let colour =
        plain ?? (none ? theme.background : this.values ? sequential(this.values[row], theme.dark) : groupColour(theme, g));
      let alpha = this.n > 4000 ? 0.8 : 0.94;
      if ((!near && there < (stressed ? 3 : 2)) || (group !== null && !this.belongs(row, group, frame))) {
        colour = between(colour, theme.background, this.values ? 0.35 : 0.75);
        alpha = this.n > 300 ? 0.28 : 0.45;
      }
      out.set(colour, row * 4);
      out[row * 4 + 3] = Math.round(alpha * 255);
    }
    return out;
  }

  /** Which of SYMBOLS a row is: another one for each eight categories.
   * @param {number} row @param {number} frame */
  shape(row, frame) {
    const g = this.groupAt(row, frame);
    return g > 7 ? Math.floor(g / 8) % SYMBOLS.length : 0;
  }

  /** The rows that travel furthest over the film: what trails show when nobody chose.
   * @param {number} count @returns {number[]} */
  movers(count) {
    const step = this.n * 3;
    /** @type {[number, number][]} */
    const far = [];
    for (let row = 0; row < this.n; row++) {
      let path = 0;
      for (let k = 0; k < this.last; k++) {
        const b = k * step + row * 3,
          c = b + step;
        path += Math.hypot(
          this.frames[c] - this.frames[b],
          this.frames[c + 1] - this.frames[b + 1],
          this.frames[c + 2] - this.frames[b + 2],
        );
      }
      far.push([path, row]);
    }
    return far
      .sort((a, b) => b[0] - a[0])
      .slice(0, count)
      .map(([, row]) => row);
  }
}
