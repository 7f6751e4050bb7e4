// @ts-check
/* Which of very many points is under the pointer, and which lie within a line. */

const ACROSS = 512; // cells of the grid each way: 128 steps of a place
const SLICE = 100000; // points counted between two looks at the clock
const BANDS = 512; // of an outline, from top to bottom

/** Points by cell: a list of rows, and where each cell begins in it. Built in slices, so that no frame waits for it. */
class Grid {
  /** @type {Uint32Array} */
  starts = new Uint32Array(ACROSS * ACROSS + 1);
  /** @type {Uint32Array} */
  rows;
  ready = false;

  /** @param {Uint16Array} places x and y of each row */
  constructor(places) {
    this.places = places;
    this.rows = new Uint32Array(places.length / 2);
    this.building = this.build();
  }

  /** Count, sum up, and sort into cells. */
  *build() {
    const { places, starts, rows } = this,
      n = rows.length;
    for (let from = 0; from < n; from += SLICE) {
      for (let i = from, end = Math.min(from + SLICE, n); i < end; i++)
        starts[(places[i * 2 + 1] >> 7) * ACROSS + (places[i * 2] >> 7) + 1]++;
      yield;
    }
    for (let cell = 0; cell < ACROSS * ACROSS; cell++) starts[cell + 1] += starts[cell];
    const next = starts.slice();
    yield;
    for (let from = 0; from < n; from += SLICE) {
      for (let i = from, end = Math.min(from + SLICE, n); i < end; i++)
        rows[next[(places[i * 2 + 1] >> 7) * ACROSS + (places[i * 2] >> 7)]++] = i;
      yield;
    }
  }

  /** Go on for some milliseconds; returns whether it is ready.
   * @param {number} milliseconds */
  step(milliseconds) {
    const until = performance.now() + milliseconds;
    while (!this.ready && performance.now() < until) this.ready = Boolean(this.building.next().done);
    return this.ready;
  }

  /** The row nearest to a place, at most `reach` pixels away; null where there is none. `kx` and `ky` are pixels a step.
   * Rows that are not `there` are passed over.
   * @param {number} x @param {number} y @param {number} kx @param {number} ky @param {number} reach
   * @param {Uint8Array | null} [there] */
  nearest(x, y, kx, ky, reach, there = null) {
    const { places, starts, rows } = this,
      /** @type {(at: number) => number} */
      cell = (at) => clamp(Math.floor(at / 128), 0, ACROSS - 1),
      [left, right] = [cell(x - reach / kx), cell(x + reach / kx)],
      [low, high] = [cell(y - reach / ky), cell(y + reach / ky)];
    let best = null,
      least = reach * reach;
    for (let line = low; line <= high; line++)
      for (let at = starts[line * ACROSS + left], end = starts[line * ACROSS + right + 1]; at < end; at++) {
        const row = rows[at],
          dx = (places[row * 2] - x) * kx,
          dy = (places[row * 2 + 1] - y) * ky,
          far = dx * dx + dy * dy;
        if ((far < least || (far === least && best === null)) && (!there || there[row])) {
          least = far;
          best = row;
        }
      }
    return best;
  }
}

/** The rows whose places lie within a closed line, one bit each, the lowest first, and how many they are. The line is in the same
 * steps as the places. A ray from each place crosses it an odd number of times; only the line's sides at its height are asked.
 * Rows that are not `there` do not count.
 * @param {number[][]} outline @param {Uint16Array} places @param {Uint8Array | null} [there] @returns {{ bits: Uint8Array, count: number }} */
function bitsWithin(outline, places, there = null) {
  const n = places.length / 2,
    bits = new Uint8Array((n + 7) >> 3),
    xs = outline.map(([x]) => x),
    ys = outline.map(([, y]) => y),
    [left, right, low, high] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)],
    scale = BANDS / (high - low || 1),
    /** @type {(y: number) => number} */
    band = (y) => clamp(Math.floor((y - low) * scale), 0, BANDS - 1),
    sides = Array.from({ length: BANDS }, () => /** @type {number[]} */ ([]));
  for (let a = 0, b = outline.length - 1; a < outline.length; b = a++) {
    const [ax, ay] = outline[a],
      [bx, by] = outline[b];
    if (ay === by) continue; // no ray crosses it
    for (let at = band(Math.min(ay, by)); at <= band(Math.max(ay, by)); at++) sides[at].push(ax, ay, (bx - ax) / (by - ay), by);
  }
  let count = 0;
  for (let row = 0; row < n; row++) {
    const x = places[row * 2],
      y = places[row * 2 + 1];
    if (!(x >= left && x <= right && y >= low && y <= high)) continue;
    const near = sides[band(y)];
    let inside = 0;
    for (let i = 0; i < near.length; i += 4)
      if (near[i + 1] > y !== near[i + 3] > y && x < near[i] + near[i + 2] * (y - near[i + 1])) inside ^= 1;
    if (!inside || (there && !there[row])) continue;
    bits[row >> 3] |= 1 << (row & 7);
    count++;
  }
  return { bits, count };
}

/** Bytes as base64.
 * @param {Uint8Array} bytes */
function base64Of(bytes) {
  let text = "";
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(text);
}
