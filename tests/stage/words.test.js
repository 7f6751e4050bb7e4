// Labels: where long ones break, held against embeddings_core/scenes/labels.py by value; and the sides they may take.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load, near, twins } from "./load.js";

const { columns, crosses, cutTo, labelForms, seatsRound } = load(
  ["values", "maths", "elements", "words", "placing"],
  ["columns", "crosses", "cutTo", "labelForms", "seatsRound"],
);
const plain = (forms) => JSON.parse(JSON.stringify(forms)); // arrays of this scope

for (const { text, columns: wide, forms, listed } of twins.labels)
  test(`breaks where Python does: ${text.trim().slice(0, 24)}`, () => {
    assert.equal(columns(text), wide);
    assert.deepEqual(plain(labelForms(text)), forms);
    assert.deepEqual(plain(labelForms(text, true)), listed);
  });

test("what is cut says so", () => {
  assert.equal(cutTo("a kitten", 5), "a ki…");
  assert.equal(cutTo("a kitten", 8), "a kitten");
});

test("a label stands right, left, above and below its point; under a row and a picture first", () => {
  const shape = { width: 106, height: 28, line: 22 };
  const [right, left, over, under, ...aside] = seatsRound(500, 300, shape, 8, false);
  near(
    [right, left],
    [
      [508, 290, 608, 310],
      [392, 290, 492, 310],
    ],
  );
  assert.ok(over[3] < 300 && under[1] > 300 && aside.length === 12);
  near(seatsRound(500, 300, shape, 8, true)[0], under);
  near(seatsRound(500, 300, shape, 8, false, true)[0], under);
});

test("a line is met where it runs through a box", () => {
  assert.equal(crosses([10, 10, 20, 20], [0, 0], [30, 30]), true);
  assert.equal(crosses([10, 10, 20, 20], [0, 0], [5, 5]), false);
  assert.equal(crosses([10, 10, 20, 20], [0, 15], [30, 15]), true);
  assert.equal(crosses([10, 10, 20, 20], [0, 25], [30, 25]), false);
});
