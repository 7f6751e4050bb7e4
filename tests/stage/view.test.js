// Views: where data land on the screen, held against embeddings_core/export/view.py by value.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load, near, rowsOf, twins } from "./load.js";

const { Film, FlatView, OrbitView, OnScreen, homeView, project, keepsInSight, viewBetween } = load(
  ["values", "maths", "elements", "colours", "symbols", "film", "view", "screen"],
  ["Film", "FlatView", "OrbitView", "OnScreen", "homeView", "project", "keepsInSight", "viewBetween"],
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

test("a view is kept where the next film fits into it", () => {
  const box = { centre: [0, 0, 0], half: [1, 1, 0], radius: 1 };
  assert.equal(keepsInSight(new FlatView(0, 0, 200), box, 800, 600), true);
  assert.equal(keepsInSight(new FlatView(0, 0, 290), box, 800, 600), false);
  assert.equal(keepsInSight(new FlatView(2, 0, 200), box, 800, 600), false);
});
