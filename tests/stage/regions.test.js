// Regions of groups: outlined where their points lie, apart from each other, the finer ones where the view is near.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./load.js";

const { contour, outlinesOf, groupName, Film, FlatView, GroupNames, amongOthers } = load(
  ["values", "maths", "elements", "colours", "symbols", "film", "view", "names", "regions"],
  ["contour", "outlinesOf", "groupName", "Film", "FlatView", "GroupNames", "amongOthers"],
);

/** Two groups of 200 points round (0, 0) and (10, 0); the second falls into two round (10, -1) and (10, 1). */
function twoGroups() {
  const frames = [],
    groups = [],
    finer = [];
  let seed = 7;
  const chance = () => (seed = (seed * 16807) % 2147483647) / 2147483647 - 0.5;
  for (let row = 0; row < 400; row++) {
    const g = row % 2,
      part = g ? 1 + ((row >> 1) % 2) : 0;
    frames.push(10 * g + chance() * 1.6, (part === 1 ? -1 : part === 2 ? 1 : 0) + chance() * 1.6);
    groups.push(g);
    finer.push(part);
  }
  const of = (Kind, dtype, values) => ({ base64: Buffer.from(Kind.from(values).buffer).toString("base64"), dtype });
  const film = new Film({
    scene: {
      id: "two",
      items: Array(400).fill("x"),
      frameNames: ["end"],
      groupNames: ["left", "right"],
      finerNames: ["left", "below", "above"],
      links: [],
      highlighted: [],
      dimensions: 2,
      kind: "still",
    },
    frames: of(Float32Array, "float32", frames),
    groups: of(Int16Array, "int16", groups),
    finer: of(Int16Array, "int16", finer),
  });
  return { film, frames };
}

/** Is a place inside an outline? A line to the left crosses it an odd number of times. */
function inside(pieces, x, y) {
  let crossings = 0;
  for (let i = 0; i < pieces.length; i += 4) {
    const [x0, y0, x1, y1] = pieces.slice(i, i + 4);
    if (y0 > y !== y1 > y && x0 + ((y - y0) / (y1 - y0)) * (x1 - x0) < x) crossings++;
  }
  return crossings % 2 === 1;
}

test("the contour of a hill is one closed line", () => {
  const field = Float32Array.from({ length: 81 }, (_, i) => 3 - Math.hypot((i % 9) - 4, Math.floor(i / 9) - 4));
  const pieces = contour(field, 9, 9);
  const ends = new Map();
  for (let i = 0; i < pieces.length; i += 2) {
    const key = `${pieces[i].toFixed(4)} ${pieces[i + 1].toFixed(4)}`;
    ends.set(key, (ends.get(key) ?? 0) + 1);
    assert.ok(Math.abs(Math.hypot(pieces[i] - 4, pieces[i + 1] - 4) - 3) < 0.2);
  }
  assert.ok([...ends.values()].every((count) => count === 2));
});

test("each region holds its own points and no other's", () => {
  const { film, frames } = twoGroups();
  const outlines = outlinesOf(film, false);
  assert.deepEqual([...outlines.keys()], [0, 1]);
  for (const group of [0, 1]) {
    let own = 0,
      others = 0;
    for (let row = 0; row < 400; row++)
      if (inside([...outlines.get(group)], frames[row * 2], frames[row * 2 + 1])) {
        if (row % 2 === group) own++;
        else others++;
      }
    assert.ok(own > 170 && others === 0, `${own} of 200, and ${others}`);
  }
});

test("finer regions are numbered after the others, and lie within them", () => {
  const { film } = twoGroups();
  const outlines = outlinesOf(film, true);
  assert.deepEqual([...outlines.keys()], [2, 3, 4]);
  assert.ok(inside([...outlines.get(3)], 10, -1) && !inside([...outlines.get(3)], 10, 1));
  assert.ok(inside([...outlines.get(4)], 10, 1) && inside([...outlines.get(2)], 0, 0));
});

test("names change with the nearness of the view", () => {
  const { film } = twoGroups();
  const home = FlatView.home(film, 800, 600),
    stage = { film, view: home, frame: 0, group: null, camera: { home: () => home } },
    names = new GroupNames(stage);
  assert.ok(!names.close);
  stage.view = new FlatView(home.cx, home.cy, home.k * 2);
  assert.ok(names.close);
  names.sample();
  assert.deepEqual(
    [...names.members].map((rows) => rows.length > 0),
    [false, false, true, true, true],
  );
  assert.deepEqual(
    [2, 3, 4].map((group) => names.parent(group)),
    [0, 1, 1],
  );
  assert.deepEqual(
    [1, 3].map((group) => groupName(film, group)),
    ["right", "below"],
  );
  film.finer = null;
  assert.ok(!names.close);
});

test("a group that stands among others is not named there", () => {
  const { film } = twoGroups();
  const home = FlatView.home(film, 800, 600),
    screen = { at: (row) => [...film.placeIn(row, 0).slice(0, 2), 1] },
    stage = { film, view: home, frame: 0, group: null, camera: { home: () => home }, screen },
    names = new GroupNames(stage);
  assert.deepEqual([...names.places().keys()], [0, 1]);
  assert.deepEqual([...names.mixed], []);
  for (let row = 1; row < 400; row += 2) film.frames.copyWithin(row * 3, (row - 1) * 3, row * 3); // each lies on one of the others
  names.mixedFor = "";
  names.look();
  assert.deepEqual([...names.mixed], [0, 1]);
  assert.equal(names.places().size, 0);
});

test("a few of a group that met by chance are not its place", () => {
  const ring = Array.from({ length: 24 }, (_, i) => [Math.cos((i * Math.PI) / 12), Math.sin((i * Math.PI) / 12)]);
  const whose = ring.map((_, i) => ([0, 1, 8, 12, 16, 20].includes(i) ? 0 : 1 + (i % 3))); // the first two of six are neighbours
  assert.ok(amongOthers(0, ring.slice(0, 2), ring, whose));
  const sorted = ring.map((_, i) => Math.floor(i / 6));
  assert.ok(!amongOthers(0, ring.slice(1, 4), ring, sorted));
});
