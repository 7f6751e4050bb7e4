// Very many points: their order, where they are, who is under the pointer, who lies within a line, and what they add up to.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load, near } from "./load.js";

const parts = [
  "values",
  "maths",
  "elements",
  "colours",
  "film",
  "large_film",
  "grid",
  "lasso",
  "raster",
  "density",
  "density_raster",
];
const { Density, Film, Grid, RasterDensity, base64Of, bitsWithin, filmOf, rowsWithin, shuffledRows, strength } = load(
  parts,
  ["Density", "Film", "Grid", "RasterDensity", "base64Of", "bitsWithin", "filmOf", "rowsWithin", "shuffledRows", "strength"],
  { btoa, performance, TextDecoder },
);
const theme = { dark: false, ground: [255, 255, 255], colours: Array(8).fill([200, 100, 0]), background: [150, 150, 150] };

/** Numbers from 0 to 1 that are the same every time. */
function random(seed) {
  let state = seed;
  return () => (state = (state * 16807) % 2147483647) / 2147483647;
}

/** A film of n points in some states; every tenth has no colour. */
function many(n, states, kind = "recorded") {
  const next = random(n),
    places = Uint16Array.from({ length: states * n * 2 }, () => Math.floor(next() * 65536)),
    codes = Uint8Array.from({ length: n }, (_, row) => (row % 10 ? row % 3 : 255)),
    names = new TextEncoder().encode(Array.from({ length: n }, (_, row) => `row ${row}`).join("\n"));
  const scene = {
    id: "many",
    items: [],
    keys: null,
    groupNames: ["a", "b", "c"],
    frameNames: Array(states).fill(""),
    kind,
    links: [],
    highlighted: [],
    notes: [],
    images: null,
    dimensions: 2,
    large: { count: n, low: [-1, 2], step: [2 / 65535, 1 / 65535], none: 255, levels: 0 },
  };
  return filmOf({ scene, places, codes, names });
}

test("the first points in the shuffled order are a fair sample, and all are there", () => {
  const order = shuffledRows(100000);
  assert.equal(new Set(order).size, 100000);
  const tenths = Array(10).fill(0);
  for (const row of order.subarray(0, 10000)) tenths[Math.floor(row / 10000)]++;
  assert.ok(
    tenths.every((count) => Math.abs(count - 1000) < 150),
    String(tenths),
  );
  assert.deepEqual([...shuffledRows(50)], [...shuffledRows(50)]);
});

test("a point is where a film of few would have it", () => {
  for (const kind of ["recorded", "morph"]) {
    const film = many(50, 4, kind),
      frames = new Float32Array(4 * 50 * 2);
    for (let state = 0; state < 4; state++)
      for (let row = 0; row < 50; row++) frames.set(film.placeIn(row, state).slice(0, 2), (state * 50 + row) * 2);
    const scene = { ...film, items: Array(50).fill("a"), keys: null, large: undefined },
      base64 = Buffer.from(frames.buffer).toString("base64");
    const few = new Film({ scene, frames: { dtype: "float32", base64 } });
    for (const p of [0, 0.4, 1, 1.7, 3])
      for (let row = 0; row < 50; row += 7) near(film.at(row, p, [0, 0, 0]), few.at(row, p, [0, 0, 0]), 1e-5);
    near([...film.boxAt(1.5).half], [...few.boxAt(1.5).half], 1e-4);
    const places = film.placesAt(1.7);
    near(film.unscaled(places[14], places[15]), film.at(7, 1.7, [0, 0, 0]).slice(0, 2), 1e-4);
  }
});

test("a point tells its name, its category and its row", () => {
  const film = many(200, 1);
  assert.deepEqual([film.name(17), film.groupAt(17), film.groupAt(20), film.key(3)], ["row 17", 2, -1, "3"]);
  assert.deepEqual(
    [...film.drawnCodes.subarray(0, 5)],
    [...film.shuffled.subarray(0, 5)].map((row) => film.codes[row]),
  );
});

test("the point under the pointer is the nearest of all", () => {
  const film = many(5000, 1),
    grid = new Grid(film.places),
    next = random(3),
    [kx, ky] = [1000 / 65536, 600 / 65536];
  while (!grid.step(1));
  for (let turn = 0; turn < 200; turn++) {
    const [x, y] = [next() * 70000 - 2000, next() * 70000 - 2000];
    let best = null,
      least = 5;
    for (let row = 0; row < film.n; row++) {
      const far = Math.hypot((film.places[row * 2] - x) * kx, (film.places[row * 2 + 1] - y) * ky);
      if (far < least) [best, least] = [row, far];
    }
    assert.equal(grid.nearest(x, y, kx, ky, 5), best);
  }
});

test("the points within a line are those that each point is asked for, and none of another", () => {
  const film = many(5001, 1),
    next = random(5),
    pixels = new Float32Array(film.n * 3);
  for (let row = 0; row < film.n; row++) pixels.set([film.places[row * 2], film.places[row * 2 + 1], 1], row * 3);
  const star = Array.from({ length: 90 }, (_, i) => {
    const reach = 6000 + 30000 * next();
    return [33000 + reach * Math.cos(i / 14), 33000 + reach * Math.sin(i / 14)]; // it crosses itself
  });
  for (const outline of [
    star,
    [
      [100, 100],
      [60000, 100],
      [60000, 50000],
      [100, 50000],
    ],
    [
      [0, 0],
      [1, 1],
      [2, 2],
    ],
  ]) {
    const { bits, count } = bitsWithin(outline, film.places),
      rows = [...Array(film.n).keys()].filter((row) => bits[row >> 3] & (1 << (row & 7)));
    assert.deepEqual(rows, [...rowsWithin(outline, pixels)]);
    assert.equal(count, rows.length);
    assert.equal(base64Of(bits), Buffer.from(bits).toString("base64"));
  }
});

/** What points add up to on a canvas of 64 × 48 pixels. */
function added(film, dot, cuts, more = {}, hidden = new Set()) {
  const layer = new RasterDensity(null),
    colours = film.palette(theme, null, hidden),
    moment = { leg: 0, u: 0, flowing: false, kx: 64 / 65536, ox: 0, ky: 48 / 65536, oy: 0, dot, colours, most: 20, ...more };
  layer.begin(64, 48);
  cuts.slice(1).forEach((to, i) => layer.add(film, cuts[i], to, moment));
  layer.tone({ scale: 1, single: 0.5, most: 20 });
  return layer;
}

test("every point is added once, however the work is cut; those without a colour weigh less", () => {
  const film = many(8000, 2);
  for (const dot of [1, 3.3]) {
    const whole = added(film, dot, [0, 8000]);
    assert.deepEqual(added(film, dot, [0, 7, 6000, 8000]).sums, whole.sums);
  }
  const weights = added(film, 1, [0, 8000]).sums.reduce((sum, x, i) => sum + (i % 2 ? x & 65535 : 0), 0);
  assert.equal(weights, 7200 * 16 + 800 * 4);
  const half = added(film, 1, [0, 8000], { u: 0.5 });
  assert.notDeepEqual(half.sums, added(film, 1, [0, 8000]).sums);
});

test("what is hidden is not drawn, not found under the pointer, and not encircled", () => {
  const film = many(8000, 2),
    hidden = new Set([film.groupAt(1)]),
    there = Uint8Array.from({ length: 8000 }, (_, row) => (hidden.has(film.groupAt(row)) ? 0 : 2)),
    kept = there.reduce((sum, x) => sum + Number(x > 0), 0),
    none = Array.from({ length: 8000 }, (_, row) => Number(film.groupAt(row) < 0)).reduce((a, b) => a + b),
    weight = (layer) => layer.sums.reduce((sum, x, i) => sum + (i % 2 ? x & 65535 : 0), 0);
  assert.ok(kept < 8000 && kept > 0 && film.groupAt(1) >= 0);
  assert.equal(weight(added(film, 1, [0, 8000], {}, hidden)), (kept - none) * 16 + none * 4);
  assert.equal(
    weight(added(film, 3.3, [0, 8000], {}, new Set(film.groupNames.keys()))) < weight(added(film, 3.3, [0, 8000])),
    true,
  );
  const all = [
    [0, 0],
    [65536, 0],
    [65536, 65536],
    [0, 65536],
  ];
  assert.equal(bitsWithin(all, film.placesAt(0), there).count, kept);
  const grid = new Grid(film.placesAt(0));
  while (!grid.step(50));
  const [x, y] = [film.places[2], film.places[3]];
  assert.equal(grid.nearest(x, y, 1, 1, 5000), 1);
  const found = grid.nearest(x, y, 1, 1, 65536, there);
  assert.ok(found !== null && there[found] === 2);
});

test("a dot covers the area of its circle round its place; a pixel has the colours of its points", () => {
  const film = many(1, 1); // it has no colour
  film.states[0].set([32768, 32768]);
  const { sums, pixels, across } = added(film, 6, [0, 1]);
  let area = 0,
    right = 0;
  for (let i = 0; i < sums.length; i += 2) {
    const weight = (sums[i + 1] & 65535) / 4; // without a colour: 4 of 16
    area += weight;
    right += weight * ((i / 2) % across);
  }
  near(area, Math.PI * 9, 0.05);
  near(right / area, 32 + 24 - 0.5 + 0.125, 0.01);
  const middle = pixels[24 * 64 + 32];
  near([middle & 255, (middle >>> 8) & 255], Array(2).fill((middle >>> 24) * (150 / 255)), 0.1);
  near(middle >>> 24, 0.5 * 255 * (4 / 16), 0.05);
});

test("a pixel on which too many lie for its sums keeps the colours of those it has", () => {
  const film = many(3000, 1);
  film.codes.fill(1);
  film.drawnCodes.fill(1);
  film.states[0].fill(32768);
  const { pixels } = added(film, 1, [0, 3000], { most: 1000 }),
    full = pixels[24 * 64 + 32] >>> 0;
  near(
    [full & 255, (full >>> 8) & 255, (full >>> 16) & 255].map((side) => side / (full >>> 24)),
    [200 / 255, 100 / 255, 0],
    0.02,
  );
  assert.ok(full >>> 24 > 120);
});

test("more points are always stronger, and a sample looks as all do", () => {
  const steps = [0.1, 0.5, 1, 2, 5, 20].map((count) => strength(count, 0.4, 20));
  assert.deepEqual(
    [...steps].sort((a, b) => a - b),
    steps,
  );
  near(steps.at(-1), 0.97);
  const film = many(10000, 1),
    at = { kx: 64 / 65536, ox: 0, ky: 48 / 65536, oy: 0 },
    { usual, dense } = Density.crowd(film, 0, 0, at, 64, 48);
  near(usual, 10000 / 64 / 48, 0.3);
  assert.ok(dense >= usual);
});
