/* The film. What Python sent, as typed arrays, and where each point is at any moment. */

/** A column from Arrow (in the app) or base64 (in an exported file) as a typed array; null where absent. */
function column(source) {
  if (!source) return null;
  if (source.getChild) return source.getChild("v").toArray();
  const bytes = Uint8Array.from(atob(source.base64), (letter) => letter.charCodeAt(0));
  return new { float32: Float32Array, int16: Int16Array }[source.dtype](bytes.buffer);
}

class Film {
  constructor(data) {
    Object.assign(this, data.scene);
    this.n = this.items.length;
    this.count = this.names.length;
    this.last = this.count - 1;
    this.groups = column(data.groups);
    this.values = column(data.values);
    this.sizes = column(data.sizes);
    this.priority = column(data.priority);
    this.frameGroups = column(data.frame_groups);
    this.keys ??= this.items;
    this.flowing = this.kind === "recorded";
    this.changing = new Map(this.frameImages ?? []); // pictures that change with the film: row, one a key state
    this.frames = this.unpack(column(data.frames) ?? new Float32Array(0));
    this.inRow = this.stands();
    this.listed = this.lists();
    this.arcEnds = this.endsOfArcs();
    this.box = this.bounds();
    this.order = this.labelOrder();
    this.grow = 1;
    this.peeks = this.images; // under the pointer; above 200 pictures only those that matter are marks, the others points
    this.pictures = this.images?.filter(Boolean).length ?? 0;
    if (this.pictures > 200) {
      const marks = this.emphasised(this.selected);
      this.images = this.images.map((image, row) => (marks?.has(row) ? image : ""));
    }
  }

  /** Always three coordinates a point: a flat map lies in the plane z = 0. */
  unpack(flat) {
    if (this.dimensions === 3) return flat;
    const out = new Float32Array((flat.length / 2) * 3);
    for (let i = 0, j = 0; i < flat.length; i += 2, j += 3) { out[j] = flat[i]; out[j + 1] = flat[i + 1]; }
    return out;
  }

  /** One box around every key state, so that axes never move during the film. */
  bounds() {
    const low = [Infinity, Infinity, Infinity], high = [-Infinity, -Infinity, -Infinity];
    for (let i = 0; i < this.frames.length; i++) {
      const axis = i % 3, x = this.frames[i];
      if (x < low[axis]) low[axis] = x;
      if (x > high[axis]) high[axis] = x;
    }
    for (const [start, end, style, , bend] of this.links) // arcs rise out of the row their ends stand in; the other side keeps the same room
      for (let f = 0; style === "arc" && f < this.frames.length; f += this.n * 3) {
        const [x, y, dx, dy] = [0, 1].map((i) => this.frames[f + start * 3 + i]).concat([0, 1].map((i) => this.frames[f + end * 3 + i] - this.frames[f + start * 3 + i]));
        for (const side of [bend, -bend])
          [x + dx / 2 - dy * side, y + dy / 2 + dx * side].forEach((at, axis) => { low[axis] = Math.min(low[axis], at); high[axis] = Math.max(high[axis], at); });
      }
    if (!this.frames.length) return { centre: [0, 0, 0], half: [1, 1, 1], radius: 1 };
    const half = low.map((x, axis) => (high[axis] - x) / 2);
    const largest = Math.max(...half) || 1;
    return { centre: low.map((x, axis) => (x + high[axis]) / 2), half: half.map((x) => Math.max(x, largest * 1e-3)), radius: largest };
  }

  /** All pictures: one an item, then those of items that change. */
  sources() { return [...(this.images ?? []), ...[...this.changing.values()].flat()]; }

  /** The picture of a row in a key state. */
  picture(row, frame) { return this.images?.[row] && (this.changing.get(row)?.[frame] || this.images[row]); }

  /** The key states whose picture a row shows at moment p, with their opacity, the lowest first: one fades into the next in the middle of a leg. */
  turning(row, p) {
    const [k, u] = this.leg(p), fade = this.changing.has(row) ? clamp(u * 3 - 1, 0, 1) : 0, next = Math.min(k + 1, this.last);
    return fade <= 0 ? [[k, 1]] : fade >= 1 ? [[next, 1]] : [[k, 1], [next, fade]];
  }

  /** Do all points of a flat map stand in one row? Their words then stand under them. Seen from the places, not declared: it is about room for words, and holds for every scene and saved talk. */
  stands() { return this.dimensions === 2 && this.n > 2 && this.frames.every((x, i) => i % 3 !== 1 || x === this.frames[1]); }

  /** Do the points of a flat map stand in columns, line by line? Their words then stand to the right, in one line each. */
  lists() {
    const { n, dimensions, frames } = this;
    return dimensions === 2 && n > 4 && n <= 160 && Array.from({ length: this.count }, (_, f) => new Set(Array.from({ length: n }, (_, row) => frames[(f * n + row) * 3])).size).every((columns) => columns <= n / 3);
  }

  /** The rows at the ends of arcs, by the arcs' colour. */
  endsOfArcs() {
    const rows = new Map();
    for (const [start, end, style, , , group] of this.links)
      if (style === "arc") rows.set(group, (rows.get(group) ?? new Set()).add(start).add(end));
    return rows;
  }

  /** Is this row in a group, or at the end of an arc of that colour? */
  belongs(row, group, frame) { return this.groupAt(row, frame) === group || Boolean(this.arcEnds.get(group)?.has(row)); }

  /** Rows in the order in which labels claim their place. */
  labelOrder() {
    const rows = Array.from({ length: this.n }, (_, row) => row);
    if (this.priority) rows.sort((a, b) => this.priority[b] - this.priority[a] || a - b);
    return rows;
  }

  /** The key states around moment p: the leg's index and how far along it is. */
  leg(p) {
    const k = clamp(Math.floor(p), 0, Math.max(this.last - 1, 0));
    return [k, this.last ? p - k : 0];
  }

  /** Where point `row` is at moment p; the same curve as the vertex shader draws. */
  at(row, p, out) {
    const [k, u] = this.leg(p), step = this.n * 3, here = row * 3, f = this.frames;
    const b = k * step + here, c = Math.min(k + 1, this.last) * step + here;
    const a = Math.max(k - 1, 0) * step + here, d = Math.min(k + 2, this.last) * step + here;
    const eased = smoothstep(u);
    for (let axis = 0; axis < 3; axis++)
      out[axis] = this.flowing ? flow(f[a + axis], f[b + axis], f[c + axis], f[d + axis], u) : mix(f[b + axis], f[c + axis], eased);
    return out;
  }

  groupAt(row, frame) {
    if (this.frameGroups) return this.frameGroups[frame * this.n + row];
    return this.groups ? this.groups[row] : 0;
  }

  /** The weight of an arc at moment p. */
  weightAt([, , , weight, , , weights], p) {
    const [k, u] = this.leg(p);
    return weights ? mix(weights[k], weights[Math.min(k + 1, this.last)], u) : weight;
  }

  /** Diameter in CSS pixels: smaller where there are many, larger on a large stage. */
  diameter(row) {
    const n = this.n;
    const base = n <= 40 ? 14 : n <= 150 ? 11 : n <= 600 ? 8.5 : n <= 2500 ? 6.5 : n <= 8000 ? 5 : 4;
    return base * this.grow * (this.sizes ? clamp(this.sizes[row], 0.2, 5) : 1);
  }

  /** Half the side of a picture in CSS pixels: smaller where there are many, or where words share the map. */
  markRadius() { return clamp(175 / Math.sqrt(2 * this.n - this.pictures), 15, 40) * this.grow; }

  /** Rows that the eye should follow: selected, highlighted, and the ends of links. Null: all alike. */
  emphasised(selected) {
    const rows = new Set(this.highlighted);
    if (selected !== null && selected !== undefined) rows.add(selected);
    if (!rows.size) return null;
    for (const [start, end] of this.links) { rows.add(start); rows.add(end); }
    return rows;
  }

  /** RGBA bytes for every point in key state `frame`. */
  paint(theme, frame, { selected, group } = {}) {
    const out = new Uint8Array(this.n * 4), stressed = this.emphasised(selected);
    const plain = this.groups || this.frameGroups || this.values ? null : theme.colours[0];
    for (let row = 0; row < this.n; row++) {
      const g = this.groupAt(row, frame);
      let colour = plain ?? (this.values ? sequential(this.values[row], theme.dark) : g < 0 ? theme.crowd : theme.colours[g % 8]);
      let alpha = this.n > 4000 ? 0.8 : 0.94;
      const back = (stressed && !stressed.has(row)) || (group !== null && group !== undefined && !this.belongs(row, group, frame));
      if (back) { colour = between(colour, theme.crowd, this.values ? 0.35 : 0.75); alpha = this.n > 300 ? 0.28 : 0.45; }
      out.set(colour, row * 4);
      out[row * 4 + 3] = Math.round(alpha * 255);
    }
    return out;
  }

  shape(row, frame) {
    const g = this.groupAt(row, frame);
    return g > 7 ? Math.floor(g / 8) % SYMBOLS.length : 0;
  }

  /** The rows that travel furthest over the film: what trails show when nobody chose. */
  movers(count) {
    const step = this.n * 3, far = [];
    for (let row = 0; row < this.n; row++) {
      let path = 0;
      for (let k = 0; k < this.last; k++) {
        const b = k * step + row * 3, c = b + step;
        path += Math.hypot(this.frames[c] - this.frames[b], this.frames[c + 1] - this.frames[b + 1], this.frames[c + 2] - this.frames[b + 2]);
      }
      far.push([path, row]);
    }
    return far.sort((a, b) => b[0] - a[0]).slice(0, count).map(([, row]) => row);
  }
}

/** The moment p in [0, last key state]. Morphs rest a breath on every key state; recorded films do not stop. */
class Clock {
  constructor() { this.p = 0; this.playing = false; this.speed = 1; this.rest = 0; }

  load(film, p) { this.film = film; this.p = clamp(p, 0, film.last); this.rest = 0; }

  /** Go on in jumps, one key state after another: without the GPU layer, and for those who want less motion. */
  jump(dt) {
    if (!this.playing) return false;
    this.rest += dt * this.speed;
    if (this.rest < Math.max(this.film.seconds / this.film.last, 0.6)) return false;
    this.rest = 0;
    this.p = this.p >= this.film.last ? 0 : Math.min(Math.floor(this.p) + 1, this.film.last);
    if (this.p < this.film.last || this.film.loop) return false;
    this.playing = false;
    return true;
  }

  /** Go on by dt seconds; returns true when the film has just ended. */
  advance(dt) {
    if (!this.playing) return false;
    const { film } = this;
    dt *= this.speed;
    if (this.rest > 0) {
      const used = Math.min(this.rest, dt);
      this.rest -= used; dt -= used;
      if (dt <= 0) return false;
      if (this.p >= film.last) { this.p = 0; return false; } // a loop begins again after its rest
    }
    const k = Math.min(Math.floor(this.p), film.last - 1), share = film.times ? (film.times[k + 1] - film.times[k]) * film.last : 1;
    const holds = film.flowing ? 0 : 0.22;
    const next = this.p + (dt * film.last) / (Math.max(film.seconds, 0.2) * (1 - holds) * Math.max(share, 1e-3));
    if (!film.flowing && Math.floor(next) > k && k + 1 < film.last) this.rest = (holds * film.seconds) / film.last;
    this.p = Math.min(!film.flowing && this.rest > 0 ? k + 1 : next, film.last);
    if (this.p < film.last) return false;
    if (film.loop) { this.rest = 1.4; return false; }
    this.playing = false;
    return true;
  }
}
