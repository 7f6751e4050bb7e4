// A map that is explored: its rows as colours, found, sorted and saved as Python does it; and a view that follows fingers.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load, near, twins } from "./load.js";

const { MapRows, FlatView, readMap, bytesOf, categoriesOf, rampOf, searchRows, sortedRows, followed } = load(
  twins.parts.map,
  ["MapRows", "FlatView", "readMap", "bytesOf", "categoriesOf", "rampOf", "searchRows", "sortedRows", "followed"],
  { performance, TextDecoder },
);
const { table: twin } = twins,
  numbers = (values) => Float64Array.from(values, (value) => value ?? NaN),
  rows = Array.from({ length: 160 }, (_, row) => row),
  arrays = { ...Object.fromEntries(Object.entries(twin.arrays).map(([name, values]) => [name, numbers(values)])) },
  more = {
    rows: Int32Array.from(rows, (row) => row * 2),
    near: new Uint16Array(320).fill(7),
    cosines: new Uint8Array(320).fill(128),
  };
const table = (columns = twin.columns) => new MapRows({ columns, naming: 0, nearness: "" }, { ...arrays, ...more });
const plain = (values) => Array.from(values, (value) => (Number.isNaN(value) ? null : value));

test("a column becomes the same colours as in the app", () => {
  for (const { at, names, counts, groups } of twin.categories) {
    const found = categoriesOf(table(), at);
    assert.deepEqual([[...found.names], [...found.counts], [...found.groups]], [names, counts, groups]);
  }
  for (const { at, places, ends } of twin.ramps) {
    const found = rampOf(table().numbers(at), table().columns[at].kind === "date"),
      holes = plain(found.places).map((place, row) => (place === null) === (places[row] === null));
    assert.ok(holes.every(Boolean));
    near(
      plain(found.places).map((place) => place ?? 0),
      places.map((place) => place ?? 0),
      1e-5,
    );
    if (!found.logarithmic) near([found.low, found.high], ends, 1e-5);
  }
  assert.equal(rampOf(table().numbers(3)).logarithmic, true);
  assert.equal(rampOf(table().numbers(3), true).logarithmic, false); // as days
});

test("letters and expressions find the same rows as in the app", () => {
  for (const [asked, found] of Object.entries(twin.found)) {
    const { hits, told } = searchRows(table(), asked);
    assert.deepEqual([rows.filter((row) => hits[row]), told], [found, ""], asked);
  }
  assert.equal(searchRows(table(), "  ").hits, null);
  assert.match(searchRows(table(), "/(/").told, /no regular expression/);
});

test("an expression that never ends is stopped and said so", () => {
  let now = 0;
  const slow = load(twins.parts.map, ["MapRows", "searchRows"], { performance: { now: () => (now += 3000) }, TextDecoder }),
    { hits, told } = slow.searchRows(new slow.MapRows({ columns: twin.columns, naming: 0 }, { ...arrays, ...more }), "/soup/");
  assert.match(told, /only the first 1 rows/);
  assert.deepEqual([hits[0], hits[2]], [1, 0]);
});

test("rows are saved as the app saves them, formulas guarded in cells and names", () => {
  assert.equal(table().csv(rows), twin.csv);
  const named = table([{ ...twin.columns[0], name: "=1+1,\n" }]);
  assert.equal(named.csv([1]), '\ufeff"\'=1+1, "\nThe Soup 1\n');
});

test("rows are sorted with empty cells at the end", () => {
  const [rising, falling] = [false, true].map((down) => sortedRows(table(), rows, 2, down).map((row) => table().numbers(2)[row]));
  assert.deepEqual([rising[0], falling[0], rising.at(-1), falling.at(-1)], [1, 5, NaN, NaN]);
  assert.deepEqual([...sortedRows(table(), [2, 10, 1], 0, true)], [10, 2, 1]);
});

test("names, cells and neighbours of a row", () => {
  assert.equal(table().name(3), 'ÄRGER, "quoted" soup 3');
  assert.equal(new MapRows({ columns: [], naming: -1 }, { ...arrays, ...more }).name(4), "row 9");
  assert.deepEqual([table().text(2, 11), table().text(2, 1), table().text(4, 0)], ["", "2", "2024-01-11"]);
  assert.equal(table().text(4, 1), "2024-02-11 10:30:00");
  const [nearest, next] = table().near(0);
  assert.deepEqual([[...nearest], [...next]], Array(2).fill([7, 128 / 255]));
});

test("what Python packs is read, whatever the length of its header", () => {
  for (const title of ["a", "abcdefgh"]) {
    const head = JSON.stringify({
        title,
        columns: [],
        arrays: [
          { name: "rows", dtype: "int32", offset: 0, length: 2 },
          { name: "near", dtype: "uint16", offset: 8, length: 2 },
        ],
      }),
      begin = Math.ceil((4 + head.length) / 8) * 8,
      bytes = Buffer.alloc(begin + 16);
    bytes.writeUInt32LE(head.length);
    bytes.write(head, 4);
    bytes.writeInt32LE(-5, begin);
    bytes.writeUInt16LE(65535, begin + 8);
    const read = readMap(new Uint8Array(bytes).buffer);
    assert.deepEqual([read.header.title, read.n, read.k, read.rows[0], read.arrays.near[0]], [title, 2, 1, -5, 65535]);
  }
  assert.deepEqual([...bytesOf("AAH/")], [0, 1, 255]);
});

test("one finger moves the map, two also zoom it, and what they hold stays under them", () => {
  const start = new FlatView(2, 3, 10),
    moved = followed(start, [{ from: [100, 100], at: [150, 80] }], 400, 300);
  near([moved.cx, moved.cy, moved.k], [-3, 1, 10]);
  const fingers = [
      { from: [150, 150], at: [100, 160] },
      { from: [250, 150], at: [300, 160] },
    ],
    zoomed = followed(start, fingers, 400, 300);
  near(zoomed.k, 20);
  for (const { from, at } of fingers) near(zoomed.invert(...at, 400, 300), start.invert(...from, 400, 300));
});
