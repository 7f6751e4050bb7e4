// Room for labels, over boxes alone; and pictures that part.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./load.js";

const { Room, meet, standing, spread } = load(["values", "maths", "placing", "spreading"], ["Room", "meet", "standing", "spread"]);
const seat = (left, top, cost = 0) => ({ box: [left, top, left + 100, top + 20], cost });

test("the cheapest free place is taken, of equal ones the first", () => {
  const room = new Room(500, 200, [[0, 0, 50, 50]]);
  assert.equal(room.take(1, [seat(40, 40), seat(200, 40, 2), seat(200, 100, 1), seat(300, 100, 1)]), 2);
  assert.equal(room.take(2, [seat(210, 110)]), -1); // the first has it
  assert.equal(room.take(3, [seat(450, 10), seat(-1, 100), seat(300, 100, Infinity)]), -1); // it leaves the stage
  assert.equal(room.take(4, [seat(200, 122)], 8), -1); // nearer than asked for
  assert.equal(room.take(4, [seat(200, 122)]), 0);
});

test("where there is none, one other moves aside", () => {
  const room = new Room(300, 60),
    first = [seat(0, 0), seat(0, 35)],
    second = [seat(50, 0)];
  room.take(1, first);
  assert.equal(room.take(2, second), -1);
  assert.deepEqual([...room.squeeze(2, second, () => first)], [0, 1, 1]);
  assert.equal(meet(room.boxes.get(1), room.boxes.get(2)), false);
  assert.equal(
    room.squeeze(3, [seat(20, 20)], () => first),
    null,
  ); // two stand there
});

test("no two labels are painted on each other, and the important one stays", () => {
  const boxes = [seat(0, 0), seat(50, 10), seat(104, 0), seat(450, 0), seat(300, 100)].map(({ box }) => box);
  assert.deepEqual([...standing(boxes, 500, 200)], [true, false, true, false, true]);
});

test("crowds of labels never overlap", () => {
  let seed = 7;
  const number = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  for (let round = 0; round < 20; round++) {
    const room = new Room(600, 400);
    for (let id = 0; id < 120; id++) {
      const [x, y] = [number() * 600, number() * 400];
      room.take(id, [seat(x, y), seat(x - 100, y), seat(x - 50, y - 20), seat(x - 50, y)]);
    }
    const boxes = [...room.boxes.values()];
    assert.ok(boxes.length > 20 && boxes.every((box, i) => boxes.slice(0, i).every((other) => !meet(box, other))));
    assert.ok([...standing(boxes, 600, 400)].every(Boolean));
  }
});

test("pictures part until each is seen by half, and stay on the stage", () => {
  const n = 50,
    places = new Float32Array(n * 3).map((_, i) => (i % 3 === 2 ? 1 : 300 + ((i * 37) % 90))),
    halves = new Float32Array(n * 2).fill(22),
    offsets = new Float32Array(n * 2);
  halves.fill(0, 0, 2); // the first is a word: it stays
  spread(places, halves, offsets, { width: 680, height: 420, steps: 400 });
  assert.deepEqual([offsets[0], offsets[1]], [0, 0]);
  const box = (row) => [0, 1].map((axis) => places[row * 3 + axis] + offsets[row * 2 + axis]);
  let seen = 0;
  for (let row = 1; row < n; row++) {
    const [x, y] = box(row);
    assert.ok(x > 0 && y > 0 && x < 680 && y < 420);
    const hidden = Array.from({ length: n - 1 - row }, (_, i) => box(row + 1 + i)).reduce(
      (sum, [a, b]) => sum + Math.max(0, 44 - Math.abs(a - x)) * Math.max(0, 44 - Math.abs(b - y)),
      0,
    );
    if (hidden < (44 * 44) / 2) seen++;
  }
  assert.ok(seen / (n - 1) >= 0.9, String(seen));
});

test("pictures with room stay where they are, and go back in motion", () => {
  const places = Float32Array.from([100, 100, 1, 300, 100, 1]),
    halves = new Float32Array(4).fill(20),
    offsets = new Float32Array(4);
  spread(places, halves, offsets, { width: 600, height: 400, steps: 50 });
  assert.deepEqual([...offsets], [0, 0, 0, 0]);
  offsets[0] = 30;
  spread(places, halves, offsets, { width: 600, height: 400, steps: 40, pull: 0.1 });
  assert.ok(offsets[0] < 1);
});

test("a group in two places is named at the larger one", () => {
  const { together } = load(["values", "maths", "names"], ["together"]);
  const spots = [
    [0, 0, 0],
    [1, 0, 0],
    [0, 1, 0],
    [50, 50, 0],
    [51, 50, 0],
  ];
  assert.deepEqual([...together(spots)].sort(), [0, 1, 2]);
  assert.deepEqual(
    [
      ...together([
        [0, 0, 0],
        [9, 9, 0],
      ]),
    ].sort(),
    [0, 1],
  ); // two stay two: one point is no group
});

const { rowsWithin } = load(["values", "maths", "lasso"], ["rowsWithin"]);

test("a closed line holds the points inside it, also where it bends in, and none behind the camera", () => {
  const pixels = new Float32Array([5, 5, 1, 50, 50, 1, 95, 5, 1, 50, 5, 1, 20, 20, -1, 120, 50, 1]);
  const box = [
    [0, 0],
    [100, 0],
    [100, 100],
    [0, 100],
  ];
  assert.deepEqual([...rowsWithin(box, pixels)], [0, 1, 2, 3]);
  assert.deepEqual([...rowsWithin([[0, 0], [50, 40], [100, 0], [100, 100], [0, 100]], pixels)], [0, 1, 2]); // prettier-ignore
  assert.deepEqual([...rowsWithin([[10, 0], [100, 0], [100, 90]], pixels)], [2, 3]); // prettier-ignore
});
