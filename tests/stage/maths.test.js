// Numbers and colours.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load, near, twins } from "./load.js";

const { clamp, mix, smoothstep, tangent, flow, multiply, cross, dot, minus, unit } = load(
  ["values", "maths"],
  ["clamp", "mix", "smoothstep", "tangent", "flow", "multiply", "cross", "dot", "minus", "unit"],
);
const { OKABE_ITO, BACKGROUND, VIRIDIS, SYMBOLS, rgb, between, css, sequential, symbolDistance } = load(
  ["values", "maths", "colours", "symbols"],
  ["OKABE_ITO", "BACKGROUND", "VIRIDIS", "SYMBOLS", "rgb", "between", "css", "sequential", "symbolDistance"],
);

test("numbers stay between, and go from one to another", () => {
  assert.deepEqual([clamp(5, 0, 3), clamp(-1, 0, 3), clamp(2, 0, 3)], [3, 0, 2]);
  assert.deepEqual([mix(2, 4, 0), mix(2, 4, 0.25), mix(2, 4, 1)], [2, 2.5, 4]);
  assert.deepEqual([0, 0.25, 0.5, 1].map(smoothstep), [0, 0.15625, 0.5, 1]);
});

test("the tangent is the harmonic mean, and 0 where a point turns round", () => {
  assert.equal(tangent(1, 3), 1.5);
  assert.equal(tangent(2, -1), 0);
});

test("the curve goes through its states and never beyond them", () => {
  assert.equal(flow(0, 1, 2, 3, 0), 1);
  assert.equal(flow(0, 1, 2, 3, 1), 2);
  near(flow(0, 1, 2, 3, 0.3), 1.3); // even motion stays even
  for (let u = 0; u <= 1; u += 0.05) assert.ok(flow(5, 1, 2, 0, u) >= 1 && flow(5, 1, 2, 0, u) <= 2);
});

test("matrices and vectors", () => {
  const scale = new Float32Array([2, 0, 0, 0, 0, 3, 0, 0, 0, 0, 4, 0, 0, 0, 0, 1]),
    move = new Float32Array([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 5, 6, 7, 1]);
  assert.deepEqual([...multiply(scale, move)], [2, 0, 0, 0, 0, 3, 0, 0, 0, 0, 4, 0, 10, 18, 28, 1]); // moved, then scaled
  near(cross([1, 0, 0], [0, 1, 0]), [0, 0, 1]);
  assert.equal(dot([1, 2, 3], [4, 5, 6]), 32);
  near(minus([4, 5, 6], [1, 2, 3]), [3, 3, 3]);
  near(unit([3, 0, 4]), [0.6, 0, 0.8]);
});

test("colours and symbols are Python's", () => {
  assert.deepEqual({ ...OKABE_ITO, light: [...OKABE_ITO.light], dark: [...OKABE_ITO.dark] }, twins.theme.colours);
  assert.deepEqual({ ...BACKGROUND }, twins.theme.background);
  assert.deepEqual([...VIRIDIS], twins.theme.scale);
  assert.deepEqual([...SYMBOLS], twins.theme.symbols);
});

test("colours mix, and the scale runs from dark to bright", () => {
  near(rgb("#0072B2"), [0, 114, 178]);
  near(between([0, 0, 0], [255, 100, 1], 0.5), [128, 50, 1]);
  assert.equal(css([1, 2, 3], 0.5), "rgba(1,2,3,0.5)");
  near(sequential(0, false), rgb(VIRIDIS[0]));
  near(sequential(0, true), rgb(VIRIDIS[2])); // too dark for dark ground
  near(sequential(1, false), rgb(VIRIDIS[8]), 0.01);
  near(sequential(NaN, false), rgb(VIRIDIS[0]));
});

test("every symbol is inside at its middle, and outside beyond its reach", () => {
  for (let symbol = 0; symbol < SYMBOLS.length; symbol++) {
    assert.ok(symbolDistance(symbol, 0, 0, 10) < 0, SYMBOLS[symbol]);
    assert.ok(symbolDistance(symbol, 15, 15, 10) > 0, SYMBOLS[symbol]);
  }
  assert.equal(symbolDistance(0, 3, 4, 5), 0);
});
