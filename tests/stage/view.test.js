// Views: where data land on the screen, held against embeddings_core/export/view.py by value.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load, near, rowsOf, twins } from "./load.js";

const { Film, FlatView, OrbitView, OnScreen, homeView, project, fills, viewBetween } = load(
  ["values", "maths", "elements", "colours", "symbols", "film", "view", "screen"],
  ["Film", "FlatView", "OrbitView", "OnScreen", "homeView", "project", "fills", "viewBetween"],
);

for (const [id, { payload, views }] of Object.entries(twins.films))
  test(`points land on the pixels that Python has: ${id}`, () => {
    const film = new Film(payload);
    for (const { width, height, room, pixels, nearness, mist } of views) {
      const view = homeView(film, width, height, room),
        matrix = view.matrix(width, height),
        screen = new OnScreen({ film, view });
      const last = rowsOf(film.frames.subarray(film.last * film.n * 3), 3),
        seen = last.map((point) => project(matrix, point, width, height, [0, 0, 0]));
      near(seen, pixels, 1e-3, `${width} × ${height}`);
      near(
        seen.map(([, , depth]) => screen.mist(depth)),
        mist,
        1e-3,
      );
      if (!film.images)
        near(
          seen.map(([, , depth], row) => (screen.radius(row, depth) * 2) / film.diameter(row)),
          nearness,
          1e-3,
        );
    }
  });

test("a flat view goes to pixels and back, and to Plotly's ranges and back", () => {
  const view = new FlatView(3, -2, 50),
    [x, y] = project(view.matrix(800, 600), [4, -1, 0], 800, 600, [0, 0, 0]);
  near([x, y], [450, 250], 1e-5);
  near(view.invert(x, y, 800, 600), [4, -1, 0], 1e-5);
  const again = FlatView.fromRanges(...view.ranges(800, 600), 800);
  near([again.cx, again.cy, again.k], [3, -2, 50]);
});

test("a camera from above shows a flat map as it is", () => {
  const box = { centre: [1, 2, 0], half: [2, 2, 0.01], radius: 2 },
    view = OrbitView.above(box);
  near(view.onPlane(400, 300, 800, 600), [1, 2, 0], 1e-5);
  const pixel = project(view.matrix(800, 600), view.onPlane(500, 200, 800, 600), 800, 600, [0, 0, 0]);
  near(pixel.slice(0, 2), [500, 200], 0.01);
});

test("a camera turns, and knows its angles", () => {
  const box = { centre: [0, 0, 0], half: [1, 1, 1], radius: 1 },
    view = OrbitView.spherical(box, { azimuth: 0.5, elevation: 0.3, distance: 2 });
  const { azimuth, elevation, distance } = view.turned(0.25).angles();
  near([azimuth, elevation, distance], [0.75, 0.3, 2]);
  near(viewBetween(view, view.turned(0.5), 0.5).angles().azimuth, 0.75);
});

test("a view is kept where the next film fits into it and fills it", () => {
  const box = { centre: [0, 0, 0], half: [1, 1, 0], radius: 1 };
  assert.equal(fills(new FlatView(0, 0, 250), box, 800, 600, 260), true);
  assert.equal(fills(new FlatView(0, 0, 290), box, 800, 600, 260), false); // at the rim
  assert.equal(fills(new FlatView(2, 0, 250), box, 800, 600, 260), false); // outside
  assert.equal(fills(new FlatView(0, 0, 200), box, 800, 600, 260), false); // small in the middle
});

/** Where points land in the view that is made for them: their extent, of the shorter side, and whether all are in sight. */
function landed(film, p, width, height, turn = 0) {
  const made = homeView({ dimensions: film.dimensions, side: film.side, box: film.boxAt(p) }, width, height),
    view = turn ? made.turned(turn) : made,
    matrix = view.matrix(width, height);
  const seen = Array.from({ length: film.n }, (_, row) => project(matrix, film.at(row, p, [0, 0, 0]), width, height, [0, 0, 0])),
    corners = view.dim === 3 ? view.corners().map((corner) => project(matrix, corner, width, height, [0, 0, 0])) : [],
    wide = (axis, spots) => Math.max(...spots.map((spot) => spot[axis])) - Math.min(...spots.map((spot) => spot[axis])),
    inside = [...seen, ...corners].every(([x, y]) => x >= 0 && y >= 0 && x <= width && y <= height);
  return { fill: Math.max(wide(0, seen), wide(1, seen)) / Math.min(width, height), inside };
}

test("the view fits the present moment: a film that grows fills the stage from its first state on", () => {
  for (const kind of ["recorded", "morph"]) {
    const frames = [0.3, 0.6, 1, 3].flatMap((by) => [0, 0, 1, 0, 0, 1, 1, 1, 0.5, 0.2].map((x) => x * by + by)),
      scene = { items: [..."abcde"], frameNames: [..."wxyz"], kind, dimensions: 2, links: [], highlighted: [], selected: null },
      film = new Film({ scene, frames: { getChild: () => ({ toArray: () => Float32Array.from(frames) }) } });
    for (let p = 0; p <= 3; p += 0.125) {
      const { fill, inside } = landed(film, p, 700, 460);
      assert.ok(fill >= 0.6 && inside, `${kind} at ${p}: ${fill}`);
    }
  }
});

test("a box round points that turns is never cut, and its points fill the stage", () => {
  let seed = 1;
  const uniform = () => (seed = (seed * 16807) % 2147483647) / 2147483647,
    number = () => Array.from({ length: 6 }, uniform).reduce((sum, x) => sum + x, -3),
    frames = Array.from({ length: 40 * 3 * 2 }, number),
    scene = {
      items: Array(40).fill("a"),
      frameNames: ["a", "b"],
      kind: "morph",
      dimensions: 3,
      links: [],
      highlighted: [],
      selected: null,
    },
    film = new Film({ scene, frames: { getChild: () => ({ toArray: () => Float32Array.from(frames) }) } });
  for (const [width, height] of [
    [680, 360],
    [1900, 930],
    [360, 420],
  ])
    for (let turn = 0; turn < 6.3; turn += 0.3)
      for (const p of [0, 0.4, 1]) {
        const { fill, inside } = landed(film, p, width, height, turn);
        assert.ok(inside, `${width} × ${height}, turned by ${turn}`);
        if (!turn && p !== 0.4) assert.ok(fill >= (p ? 0.6 : 0.5), `${width} × ${height}: ${fill}`); // at rest; on the way
      }
});

test("points that stand in one place are not blown up", () => {
  const frames = [1, 1, 1 + 1e-9, 1, 0, 0, 4, 4],
    scene = {
      items: ["a", "b"],
      frameNames: ["a", "b"],
      kind: "recorded",
      dimensions: 2,
      links: [],
      highlighted: [],
      selected: null,
    },
    film = new Film({ scene, frames: { getChild: () => ({ toArray: () => Float32Array.from(frames) }) } });
  near([film.boxAt(0).radius, film.boxAt(1).radius], [0.1, 2]);
});
