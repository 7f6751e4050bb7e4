// @ts-check
/* Pictures that lie on each other move apart until each is seen. */

const APART = 0.9; // of two pictures' sides: nearer they push each other
const PULL = 0.04; // of the way back to its own place a picture goes in a step, where it has room

/** Move boxes apart, a few steps on from where they are: `places` are the true [x, y, depth] of each, `halves` half the width and
 * height (0 for what is no picture), `offsets` [x, y] how far each stands from its place, changed here. Returns the longest step.
 * @param {Float32Array} places @param {Float32Array} halves @param {Float32Array} offsets @param {{ width: number, height: number, steps: number, pull?: number }} more */
function spread(places, halves, offsets, { width, height, steps, pull = 0 }) {
  const n = offsets.length / 2,
    rows = [...Array(n).keys()].filter((row) => halves[row * 2] > 0),
    before = new Float32Array(offsets.length);
  let longest = 0;
  for (let step = 0; step < steps; step++) {
    before.set(offsets);
    if (pull) for (let i = 0; i < offsets.length; i++) offsets[i] *= 1 - pull;
    for (let i = 0; i < rows.length; i++)
      for (let j = 0; j < i; j++) {
        const a = rows[i] * 2,
          b = rows[j] * 2,
          dx = places[rows[i] * 3] + offsets[a] - places[rows[j] * 3] - offsets[b],
          dy = places[rows[i] * 3 + 1] + offsets[a + 1] - places[rows[j] * 3 + 1] - offsets[b + 1],
          x = (halves[a] + halves[b]) * APART - Math.abs(dx),
          y = (halves[a + 1] + halves[b + 1]) * APART - Math.abs(dy);
        if (x <= 0 || y <= 0) continue;
        // half of what they share, on the shorter way out; those in one place part by their order
        const axis = x < y ? 0 : 1,
          by = (axis ? y : x) * 0.45 * ((axis ? dy : dx) < 0 ? -1 : 1);
        offsets[a + axis] += by;
        offsets[b + axis] -= by;
      }
    longest = 0;
    for (const row of rows) {
      for (const [axis, size] of [width, height].entries()) {
        const at = row * 2 + axis,
          place = places[row * 3 + axis];
        if (place >= 0 && place <= size) {
          const half = halves[at] + 1,
            least = Math.min(half, 2 * place), // whole, and gone without a jump where its place leaves the stage
            most = size - Math.min(half, 2 * (size - place));
          offsets[at] = clamp(place + offsets[at], least, Math.max(least, most)) - place;
        }
      }
      longest = Math.max(
        longest,
        Math.abs(offsets[row * 2] - before[row * 2]),
        Math.abs(offsets[row * 2 + 1] - before[row * 2 + 1]),
      );
    }
    if (longest < 0.1) break;
  }
  return longest;
}
