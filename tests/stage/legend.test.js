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

/** As much of a page as the key needs. */
class Node {
  attributes = new Map();
  children = [];
  style = {};
  classList = { toggle() {}, add() {} };
  setAttribute(name, value) {
    this.attributes.set(name, value);
  }
  append(...more) {
    this.children.push(...more);
  }
  replaceChildren(...fresh) {
    this.children = fresh;
  }
}

/** A stage with six points in two groups and its key. @param {object} more */
function keyed(more) {
  const document = { createElement: () => new Node(), createElementNS: () => new Node(), activeElement: null };
  let time = 0;
  const { Legend } = load(["values", "maths", "elements", "colours", "symbols", "legend"], ["Legend"], {
    document,
  });
  const groups = [0, 0, 1, 1, 1, -1],
    film = { id: "a", n: 6, last: 0, groups, groupNames: ["soup", "room"], groupAt: (row) => groups[row] },
    stage = {
      film,
      more,
      group: null,
      hidden: new Set(),
      presence: null,
      names: {},
      labels: {},
      points: { colours: () => [], fade() {} },
      theme: { colours: Array.from({ length: 8 }, () => [0, 0, 0]) },
      settleSoon() {},
      wake() {},
      single(group) {
        this.group = this.group === group ? null : group;
        legend.draw();
      },
    },
    legend = new Legend(stage);
  legend.place = () => {};
  legend.draw();
  return {
    stage,
    legend,
    film,
    wait: (milliseconds) => (time += milliseconds),
    now: () => time,
    button: (at) => legend.element.children[at],
  };
}
const plain = (values) => values && [...values];

test("a click singles a group out, two at once or H hide it, and one brings it back", () => {
  const { stage, button, wait, now } = keyed({ hides: true });
  wait(1000);
  button(1).onclick({ timeStamp: now() });
  assert.deepEqual([stage.group, stage.presence], [1, null]);
  assert.equal(button(1).attributes.get("aria-pressed"), "true");
  wait(100);
  button(1).onclick({ timeStamp: now() });
  assert.deepEqual([stage.group, plain(stage.presence)], [null, [2, 2, 0, 0, 0, 2]]);
  assert.equal(button(1).attributes.get("aria-pressed"), "false");
  assert.equal(button(1).attributes.get("aria-label"), "room, hidden");
  wait(1000);
  button(1).onclick({ timeStamp: now() });
  assert.deepEqual([stage.group, stage.presence, button(1).attributes.has("aria-label")], [null, null, false]);
  wait(1000);
  const key = { key: "h", preventDefault() {}, stopPropagation() {} };
  button(0).onkeydown({ ...key, ctrlKey: true });
  assert.equal(stage.presence, null);
  button(0).onkeydown(key);
  assert.deepEqual(plain(stage.presence), [0, 0, 2, 2, 2, 2]);
});

test("two clicks at once on what is hidden bring it back, too", () => {
  const { stage, button, wait, now } = keyed({ hides: true });
  for (const hidden of [true, false, true]) {
    wait(1000);
    for (let click = 0; click < 2; click++) {
      button(0).onclick({ timeStamp: now() });
      wait(100);
    }
    assert.deepEqual([stage.group, stage.hidden.has(0)], [null, hidden]);
  }
});

test("what is hidden stays so while the key is the same, and comes back with another", () => {
  const { stage, legend, film } = keyed({ hides: true });
  legend.hide(0);
  const regrouped = { ...film, groupAt: () => 0 };
  legend.draw(regrouped, null);
  assert.deepEqual(plain(stage.presence), [0, 0, 0, 0, 0, 0]);
  legend.draw({ ...film, groupNames: ["soup", "rooms"] }, null);
  assert.deepEqual([stage.presence, stage.hidden.size], [null, 0]);
});

test("groups are not hidden where the page does not ask for it, nor where they change on the way", () => {
  for (const [more, change] of [
    [{}, {}],
    [{ hides: true }, { frameGroups: [[0], [1]] }],
  ]) {
    const { stage, legend, film } = keyed(more);
    stage.film = { ...film, ...change };
    legend.draw();
    assert.equal(legend.element.children[0].onkeydown, undefined);
    legend.press(0, 1000);
    legend.press(0, 1100);
    assert.deepEqual([stage.group, stage.presence], [null, null]);
  }
});
