// What is drawn, worked out without a canvas: points filled in by hand, their order, and the way from scene to scene.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load, near, twins } from "./load.js";

const { backToFront, flow, Film, FlatView, OnScreen, Points, Raster, homeView, project, snapshot, transition } = load(
  [
    "values",
    "maths",
    "elements",
    "colours",
    "symbols",
    "film",
    "view",
    "screen",
    "spreading",
    "gpu",
    "raster",
    "points",
    "transition",
  ],
  ["backToFront", "flow", "Film", "FlatView", "OnScreen", "Points", "Raster", "homeView", "project", "snapshot", "transition"],
);
const theme = { dark: false, ground: [255, 255, 255], colours: Array(8).fill([0, 0, 0]), background: [150, 150, 150] };

test("the farthest point is drawn first", () => {
  assert.deepEqual([...backToFront(Float32Array.from([1, 5, 3, -2]), new Uint32Array(4))], [1, 2, 0, 3]);
});

/** A layer of single points at places from -1 to 1, and a raster of 100 × 80 pixels without a graphics card. */
function rastered(positions, states, more = {}) {
  const gl = new Proxy({}, { get: () => () => ({}) }),
    raster = new Raster(gl),
    n = positions.length / 3 / states;
  raster.resize(100, 80);
  const layer = {
    n,
    states,
    positions: Float32Array.from(positions),
    from: new Uint8Array(n * 4).fill(255),
    to: new Uint8Array(n * 4).fill(255),
    form: Float32Array.from(Array(n).fill([20, 20, 0]).flat()),
    order: null,
  };
  const identity = new Float32Array([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]);
  const moment = {
    leg: 0,
    u: 0,
    fade: 0,
    flowing: true,
    matrix: identity,
    distance: 0,
    ratio: 1,
    theme,
    edge: [255, 255, 255],
    halo: 0,
    ...more,
  };
  const [top, bottom] = raster.paint(layer, moment),
    spots = [];
  for (let y = 0; y < 80; y++)
    for (let x = 0; x < 100; x++) {
      const alpha = raster.pixels[(y + 128) * raster.across + x + 128] >>> 24;
      if (alpha) spots.push([x + 0.5, y + 0.5, alpha / 255]);
    }
  return { top, bottom, spots, area: spots.reduce((sum, [, , alpha]) => sum + alpha, 0) };
}

test("a point covers the area of its circle, round its place", () => {
  const { spots, area, top, bottom } = rastered([0, 0, 0], 1),
    weigh = (axis) => spots.reduce((sum, spot) => sum + spot[axis] * spot[2], 0) / area;
  near(area, Math.PI * 100, 0.02);
  near([weigh(0), weigh(1)], [50, 40], 0.01);
  assert.ok(top <= 30 && bottom >= 50);
});

test("points are drawn on the curve of the film, and none outside the picture", () => {
  const { spots, area } = rastered([-0.5, 0, 0, 0.5, 0, 0, 0.6, 0, 0], 3, { u: 0.5 });
  near(spots.reduce((sum, [x, , alpha]) => sum + x * alpha, 0) / area, (flow(-0.5, -0.5, 0.5, 0.6, 0.5) + 1) * 50, 0.01);
  assert.equal(rastered([9, 9, 0], 1).spots.length, 0);
});

/** As much of a stage as a transition looks at. */
function stageOf(film, width, height) {
  const stage = {
    film,
    width,
    height,
    theme,
    selected: null,
    group: null,
    frame: 0,
    segment: null,
    clock: { p: film.last },
    gpu: null,
    view: homeView(film, width, height),
  };
  Object.assign(stage, { matrix: stage.view.matrix(width, height), camera: stage });
  return Object.assign(stage, { screen: new OnScreen(stage), points: new Points(stage) });
}

test("what stays sets out from where it was seen, what is new flies in, what is gone fades", () => {
  const { payload } = twins.films.morph,
    old = new Film(payload),
    items = ["a", "b", "c", "d", "e", "new"],
    next = new Film({ ...payload, scene: { ...payload.scene, id: "next", items } });
  const stage = stageOf(old, 800, 600),
    before = snapshot(stage);
  stage.view = new FlatView(0.3, 0.1, 70); // the next scene is seen from elsewhere
  const { n, positions, from, into, arrive, plays, travels } = transition(stage, next, before, next.last, true);
  const matrix = stage.view.matrix(800, 600),
    at = (row) => positions.slice(row * 3, row * 3 + 3);
  assert.deepEqual([n, [...arrive], plays, travels], [7, [0, 0, 0, 0, 0, 1], true, true]);
  for (let row = 0; row < 5; row++) {
    near(project(matrix, at(row), 800, 600, [0, 0, 0]).slice(0, 2), [...before.pixels.slice(row * 3, row * 3 + 2)], 1e-3); // the same pixel
    near(at(n + row), next.at(row, next.last, [0, 0, 0]), 1e-5);
  }
  assert.deepEqual([from[5 * 4 + 3], into[6 * 4 + 3]], [0, 0]);
  assert.ok(into[5 * 4 + 3] > 0 && from[6 * 4 + 3] > 0);
});
