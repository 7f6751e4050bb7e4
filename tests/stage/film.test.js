// Films: where points are and how they look, held against embeddings_core/export/film_states.py by value.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load, near, rowsOf, twins } from "./load.js";

const { Film, Clock, OKABE_ITO, rgb } = load(
  ["values", "maths", "elements", "colours", "symbols", "film", "clock"],
  ["Film", "Clock", "OKABE_ITO", "rgb"],
);
const theme = (mode) => ({
  dark: mode === "dark",
  colours: OKABE_ITO[mode].map(rgb),
  background: rgb(twins.theme.background[mode]),
});
const each = (name, run) => {
  for (const [id, film] of Object.entries(twins.films)) test(`${name}: ${id}`, () => run(new Film(film.payload), film));
};

each("points are where Python has them, at any moment", (film, { moments }) => {
  for (const { p, positions } of moments)
    near(
      Array.from({ length: film.n }, (_, row) => film.at(row, p, [0, 0, 0])),
      positions,
      1e-4,
      `at ${p}`,
    );
});

each("the box round the film, its words' room, its order", (film, expected) => {
  near([film.box.centre, film.box.half, film.box.radius], expected.box, 1e-4);
  const boxes = [0, 0.5, 1.25, 3].filter((p) => p <= film.last).map((p) => film.boxAt(p));
  near(
    boxes.map(({ centre, half, radius }) => [centre, half, radius]),
    expected.boxes,
    1e-4,
  );
  assert.deepEqual([film.inRow, film.listed], [expected.inRow, expected.listed]);
  assert.deepEqual([...film.order], expected.order);
  assert.deepEqual([...(film.emphasised(film.selected) ?? [])].sort(), expected.stressed);
});

each("sizes and symbols", (film, expected) => {
  near(
    film.order.map((_, row) => film.diameter(row)),
    expected.diameters,
  );
  near(film.markRadius(), expected.markRadius);
  assert.deepEqual(
    Array.from({ length: film.n }, (_, row) => film.shape(row, 0)),
    expected.symbols,
  );
});

each("colours in light and dark", (film, { paint }) => {
  for (const mode of ["light", "dark"])
    paint[mode].forEach((expected, frame) =>
      near(
        rowsOf(film.paint(theme(mode), frame, film), 4).map((row) => row.map((byte) => byte / 255)),
        expected,
        2.1 / 255,
        `${mode} ${frame}`,
      ),
    );
});

each("arcs and pictures that change", (film, { moments }) => {
  for (const { p, weights, turning } of moments) {
    near(
      film.links.filter(([, , style]) => style === "arc").map((link) => film.weightAt(link, p)),
      weights,
      1e-4,
    );
    [...film.changing.keys()].forEach((row, i) => {
      const shown = film.turning(row, p);
      assert.deepEqual(
        [...shown.map(([state]) => film.picture(row, state))],
        turning[i].map(([image]) => image),
      );
      near(
        shown.map(([, share]) => share),
        turning[i].map(([, share]) => share),
      );
    });
  }
});

each("the clock is at the same moment after the same share of the time", (film, { clock: moments }) => {
  if (!film.last) return;
  const clock = new Clock(),
    dt = 5e-4,
    seen = [0];
  clock.load(film, 0);
  clock.playing = true;
  while (clock.playing) {
    clock.advance(dt);
    seen.push(clock.p);
  }
  moments.forEach((p, i) => near(seen[Math.round((i / (moments.length - 1)) * (seen.length - 1))], p, 0.01, `share ${i}`));
});

test("a loop rests at its end and begins again", () => {
  const clock = new Clock();
  clock.load({ last: 2, seconds: 2, loop: true, flowing: true, times: null }, 2);
  clock.playing = true;
  clock.advance(0.1);
  assert.equal(clock.p, 2);
  clock.advance(1.5);
  assert.ok(clock.playing && clock.p === 0);
});

test("without motion the clock jumps from one key state to the next", () => {
  const clock = new Clock();
  clock.load({ last: 2, seconds: 2, loop: false, flowing: false, times: null }, 0);
  clock.playing = true;
  const ends = [clock.jump(0.5), clock.jump(0.6), clock.jump(1)];
  assert.deepEqual([ends, clock.p, clock.playing], [[false, false, true], 2, false]);
});

test("a category that is singled out keeps its colours", () => {
  const film = new Film(twins.films.morph.payload),
    bytes = rowsOf(film.paint(theme("light"), 0, { group: 1 }), 4);
  assert.ok(bytes[1][3] > bytes[0][3]);
});

test("all points at once stand where each stands alone", () => {
  for (const { payload } of Object.values(twins.films)) {
    const film = new Film(payload),
      all = new Float32Array(film.n * 3);
    for (const p of [0, 0.3, film.last / 2, film.last]) {
      const moment = Math.min(p, film.last);
      film.allAt(moment, all);
      for (let row = 0; row < film.n; row++)
        near([...all.subarray(row * 3, row * 3 + 3)], [...film.at(row, moment, [0, 0, 0])], 1e-6);
    }
  }
});
