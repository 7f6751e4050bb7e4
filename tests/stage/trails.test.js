// A trail is the path up to now: faint where it is old, strong where the point is.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./load.js";

const { Trails } = load(["values", "maths", "elements", "colours", "film", "view", "trails"], ["Trails"]);

/** A stage at moment p of a film in which point 0 goes to the right, one unit a state.
 * @param {number} p */
function drawnAt(p, more = {}) {
  const lines = [];
  new Trails().draw({
    film: { last: 4, trails: [0], grow: 1, groupAt: () => -1, at: (_row, k, out) => Object.assign(out, [k, 0, 0]) },
    renderer: { line: (...line) => lines.push(line) },
    theme: { colours: [[0, 0, 0]], accent: [0, 0, 255] },
    clock: { p },
    matrix: new Float32Array([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]),
    width: 100,
    height: 100,
    trailsOn: true,
    segment: null,
    selected: null,
    frame: 0,
    ...more,
  });
  return lines;
}

test("trails fade with age", () => {
  const lines = drawnAt(3),
    alphas = lines.map((line) => line.at(-1)),
    widths = lines.map((line) => line[4]);
  assert(lines.length >= 18); // six pieces a state
  assert(alphas[0] < 0.01 && alphas.at(-1) > 0.6);
  for (let i = 1; i < lines.length; i++) {
    assert(alphas[i] > alphas[i - 1] && widths[i] > widths[i - 1]);
    assert.equal(lines[i][0], lines[i - 1][2]); // each piece begins where the one before ends
  }
  assert.equal(lines.at(-1)[2], 200); // at the point, not beyond it
});

test("nothing has gone anywhere at the start, and trails can be put out", () => {
  assert.deepEqual(drawnAt(0), []);
  assert.deepEqual(drawnAt(3, { trailsOn: false }), []);
});
