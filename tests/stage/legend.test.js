// The key to a scale: what its places stand for, and how many points have which.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./load.js";

const { histogram, scaleWords, valueWords } = load(
  ["values", "maths", "elements", "colours", "symbols", "legend"],
  ["histogram", "scaleWords", "valueWords"],
);

test("a place on a scale is told in the scale's own numbers", () => {
  assert.deepEqual([...scaleWords("price (3 … 9)")], ["price", "3", "9"]);
  assert.equal(valueWords("price (3 … 9)", 0.5), "price: 6");
  assert.equal(valueWords("price (3 … 9)", 1), "price: 9 or more");
  assert.equal(valueWords("change (−4 … 4)", 0.25), "change: -2");
  assert.equal(valueWords("income, log scale (1 … 10000)", 0.5), "income: 100");
  assert.equal(valueWords("day (2024-01-01 … 2024-12-31)", 0.5), "day");
  assert.equal(valueWords("kept neighbours", 0.5), "kept neighbours: 0.50");
});

test("the histogram is highest where most points are", () => {
  const path = histogram(Float32Array.from([0, 0, 0, 0, 0.5, 1]));
  assert.ok(path.startsWith("polygon(0 100%, 0.0% 0.0%, 4.2% 0.0%") && path.endsWith("100% 100%)"));
  assert.ok(path.includes("50.0% 50.0%")); // one of four, by the square root
});
