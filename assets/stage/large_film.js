// @ts-check
/* A film of very many points: places in 16 bits, one code of colour a point, names only under the pointer
 * (embeddings_core/scenes/large.py says what is sent). */

const SAMPLE = 20000; // points that stand for all where a name looks for its place
const WEIGHED = 2000; // points at which is asked how close together all lie
const CELLS = 128; // across and down, for counting how close

/** What is worked out of places once, however often their colours change.
 * @type {WeakMap<Uint16Array, ShuffledPlaces>} */
const knownPlaces = new WeakMap();

/** Rows in a random order, the same every time (Fisher and Yates; numbers by Marsaglia's xorshift).
 * @param {number} n */
function shuffledRows(n) {
  const order = new Uint32Array(n);
  let seed = 2463534242;
  for (let i = 0; i < n; i++) {
    seed ^= seed << 13;
    seed ^= seed >>> 17;
    seed ^= seed << 5;
    const j = (seed >>> 0) % (i + 1);
    order[i] = order[j];
    order[j] = i;
  }
  return order;
}

/** The same values in another order, `width` of them a row.
 * @template {Uint8Array | Uint16Array} T @param {T} values @param {Uint32Array} order @param {number} width @param {T} out @returns {T} */
function inOrder(values, order, width, out) {
  if (width === 1) for (let i = 0; i < order.length; i++) out[i] = values[order[i]];
  else
    for (let i = 0; i < order.length; i++) {
      out[i * 2] = values[order[i] * 2];
      out[i * 2 + 1] = values[order[i] * 2 + 1];
    }
  return out;
}

/** How many others lie in a cell of 512 × 512 steps (the map has 128 × 128) round each of the first points, in one state.
 * @param {Uint16Array} places shuffled @param {number} n */
function crowding(places, n) {
  const counts = new Uint32Array(CELLS * CELLS),
    some = Math.min(n, WEIGHED),
    out = new Float32Array(some);
  for (let i = 0; i < n * 2; i += 2) counts[(places[i + 1] >> 9) * CELLS + (places[i] >> 9)]++;
  for (let i = 0; i < some; i++) out[i] = Math.max(counts[(places[i * 2 + 1] >> 9) * CELLS + (places[i * 2] >> 9)] - 1, 0.5); // the point itself is no company
  return out;
}

/** @param {Uint16Array} places @param {number} n @param {number} count @returns {ShuffledPlaces} */
function shufflePlaces(places, n, count) {
  const known = knownPlaces.get(places);
  if (known) return known;
  const order = shuffledRows(n),
    states = Array.from({ length: count }, (_, state) =>
      inOrder(places.subarray(state * n * 2, (state + 1) * n * 2), order, 2, new Uint16Array(n * 2)),
    ),
    spans = states.map((state) => {
      const span = [Infinity, Infinity, -Infinity, -Infinity];
      for (let i = 0; i < n * 2; i += 2) {
        const x = state[i],
          y = state[i + 1];
        if (x < span[0]) span[0] = x;
        if (y < span[1]) span[1] = y;
        if (x > span[2]) span[2] = x;
        if (y > span[3]) span[3] = y;
      }
      return span;
    });
  const made = { order, states, spans, crowding: states.map((state) => crowding(state, n)) };
  knownPlaces.set(places, made);
  return made;
}

class LargeFilm extends Film {
  /** @param {Payload & { scene: { large: LargeValues } }} data */
  constructor(data) {
    super({ scene: data.scene });
    const { count, low, step, none, levels } = data.scene.large;
    this.n = count;
    this.low = low;
    this.step = step;
    this.none = none;
    this.levels = levels;
    /** In row order, state by state: x and y of each point.
     * @type {Uint16Array} */
    this.places = column(data.places) ?? new Uint16Array(0);
    const { order, states, spans, crowding } = shufflePlaces(this.places, count, this.count);
    this.shuffled = order;
    /** The same in the order in which points are drawn, a list a state. */
    this.states = states;
    this.crowding = crowding;
    /** @type {Uint8Array | Uint16Array | null} */
    this.codes = column(data.codes);
    /** @type {Uint8Array | Uint16Array | null} */
    this.drawnCodes =
      this.codes &&
      inOrder(this.codes, order, 1, this.codes instanceof Uint8Array ? new Uint8Array(count) : new Uint16Array(count));
    if (levels) this.values = this.codes;
    else this.groups = this.codes;
    this.packed = column(data.names);
    /** @type {string[] | null} */
    this.named = null;
    this.spans = Float64Array.from(
      spans.flatMap(([left, low_, right, high]) => [...this.unscaled(left, low_), 0, ...this.unscaled(right, high), 0]),
    );
    this.box = this.bounds();
    this.dot = 4;
  }

  /** From steps to data.
   * @param {number} x @param {number} y */
  unscaled(x, y) {
    return [this.low[0] + this.step[0] * x, this.low[1] + this.step[1] * y];
  }

  /** @override @param {number} row */
  name(row) {
    if (!this.packed) return `point ${(row + 1).toLocaleString("en")} of ${this.n.toLocaleString("en")}`;
    this.named ??= new TextDecoder().decode(this.packed).split("\n");
    return this.named[row] ?? "";
  }

  /** @override @param {number} row */
  key(row) {
    return String(row);
  }

  /** @override @param {number} row */
  valueAt(row) {
    const code = this.codes?.[row] ?? this.none;
    return code === this.none ? NaN : code / (this.levels - 1);
  }

  /** @override @param {number} row */
  groupAt(row) {
    if (this.levels || !this.codes) return 0;
    return this.codes[row] === this.none ? -1 : this.codes[row];
  }

  /** @override */
  sample() {
    return this.shuffled.subarray(0, SAMPLE);
  }

  /** @override @param {number} row @param {number} state @returns {Point} */
  placeIn(row, state) {
    const i = (state * this.n + row) * 2;
    return [...this.unscaled(this.places[i], this.places[i + 1]), 0];
  }

  /** @override @template {Point} T @param {number} row @param {number} p @param {T} out @returns {T} */
  at(row, p, out) {
    const [a, b, c, d, u] = this.around(p, this.n * 2),
      eased = smoothstep(u),
      { places } = this;
    for (let axis = 0; axis < 2; axis++) {
      const i = row * 2 + axis,
        place = this.flowing
          ? flow(places[a + i], places[b + i], places[c + i], places[d + i], u)
          : mix(places[b + i], places[c + i], eased);
      out[axis] = this.low[axis] + this.step[axis] * place;
    }
    out[2] = 0;
    return out;
  }

  /** Where the four states round a moment begin in a list of `step` numbers a state, and how far it is from the second to the third.
   * @param {number} p @param {number} step */
  around(p, step) {
    const [k, u] = this.leg(p);
    return [Math.max(k - 1, 0) * step, k * step, Math.min(k + 1, this.last) * step, Math.min(k + 2, this.last) * step, u];
  }

  /** Where all points are at a moment, in steps, row by row; the stored list itself where the moment is a key state.
   * @param {number} p @returns {Uint16Array} */
  placesAt(p) {
    const step = this.n * 2,
      [a, b, c, d, u] = this.around(p, step),
      { places } = this;
    if (u === 0 || u === 1) return places.subarray(u ? c : b, (u ? c : b) + step);
    const out = new Uint16Array(step),
      eased = smoothstep(u);
    for (let i = 0; i < step; i++)
      out[i] = this.flowing
        ? flow(places[a + i], places[b + i], places[c + i], places[d + i], u) + 0.5
        : mix(places[b + i], places[c + i], eased) + 0.5;
    return out;
  }

  /** @override */
  diameter() {
    return this.dot;
  }

  /** Their colours are those of their codes.
   * @override */
  paint() {
    return new Uint8Array(0);
  }

  /** Of the first ones, which travel furthest.
   * @override @param {number} count */
  movers(count) {
    /** @type {[number, number][]} */
    const far = [...this.shuffled.subarray(0, WEIGHED)].map((row) => {
      const states = Array.from({ length: this.count }, (_, state) => this.placeIn(row, state));
      return [states.slice(1).reduce((sum, [x, y], k) => sum + Math.hypot(x - states[k][0], y - states[k][1]), 0), row];
    });
    return far
      .sort((a, b) => b[0] - a[0])
      .slice(0, count)
      .map(([, row]) => row);
  }

  /** The colour of each code, and how much it weighs among others on a pixel: red, green, blue and weight from 0 to 255.
   * What is hidden weighs nothing.
   * @param {Theme} theme @param {number | null} group @param {Set<number>} [hidden] */
  palette(theme, group, hidden = new Set()) {
    const size = this.codes ? this.none + 1 : 1,
      out = new Uint8Array(size * 4);
    for (let code = 0; code < size; code++) {
      const none = this.codes !== null && code === this.none;
      let colour = none
        ? theme.background
        : this.levels
          ? sequential(code / (this.levels - 1), theme.dark)
          : this.codes
            ? groupColour(theme, code)
            : theme.colours[0];
      const back = none || (group !== null && group !== code && !this.levels);
      if (back) colour = between(colour, theme.background, 0.75);
      const gone = !this.levels && !none && hidden.has(code);
      out.set([...colour, gone ? 0 : back ? 64 : 255], code * 4);
    }
    return out;
  }
}

/** The film of a payload.
 * @param {Payload} data @returns {Film} */
const filmOf = (data) => (data.scene.large ? new LargeFilm(/** @type {any} */ (data)) : new Film(data));
