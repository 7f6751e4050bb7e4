// The map as a widget of a notebook: which keys stay with the map, and whose element has the size.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import vm from "node:vm";

const code = readFileSync(new URL("../../assets/map_widget.js", import.meta.url), "utf8").replace("export default", "widget =");

/** A widget on a page where the map itself is only told what to show. */
async function rendered() {
  const held = { height: 500, selection: [2], content: new DataView(new ArrayBuffer(3)) },
    heard = new Map(),
    el = { style: {}, classList: { add() {} }, children: [], replaceChildren: (...all) => (el.children = all) },
    made = () => ({ style: {}, keys: [], addEventListener: (event, run) => event === "keydown" && place.keys.push(run) }),
    place = made(),
    shown = [],
    explorer = { selectPositions: (rows) => shown.push([...rows]), dispose: () => shown.push("gone") },
    scope = vm.createContext({
      widget: null,
      document: { createElement: () => place },
      embeddingExplorer: { open: async (at, bytes) => (assert.equal(at, place), assert.equal(bytes.length, 3), explorer) },
    }),
    model = {
      get: (name) => held[name],
      on: (event, run) => heard.set(event, run),
      off: (event, run) => heard.get(event) === run && heard.delete(event),
    };
  vm.runInContext(code, scope);
  const leave = await scope.widget.render({ model, el });
  return { held, heard, el, place, shown, leave };
}

test("what is typed on the map stays there; what saves the notebook or runs its cell goes on", async () => {
  const { place } = await rendered(),
    stays = (pressed) => {
      let stopped = false;
      for (const run of place.keys) run({ ...pressed, stopPropagation: () => (stopped = true) });
      return stopped;
    };
  for (const key of ["a", "d", "m", "x", "0", "/", "Enter", "ArrowDown", " ", "Delete"]) assert.ok(stays({ key }), key);
  assert.ok(stays({ key: "L", shiftKey: true }));
  for (const pressed of [
    { key: "s", ctrlKey: true },
    { key: "s", metaKey: true },
    { key: "Enter", ctrlKey: true },
    { key: "Enter", shiftKey: true },
    { key: "Enter", altKey: true },
    { key: "Escape" },
  ])
    assert.ok(!stays(pressed), JSON.stringify(pressed));
});

test("the size is that of an element of its own: a notebook empties the style of the one it gives", async () => {
  const { held, heard, el, place, shown, leave } = await rendered();
  assert.deepEqual([el.children, el.style], [[place], {}]);
  assert.equal(place.style.height, "500px");
  held.height = 640;
  heard.get("change:height")();
  assert.equal(place.style.height, "640px");
  held.selection = [0, 1];
  heard.get("change:selection")();
  leave();
  assert.deepEqual([shown, heard.size], [[[2], [0, 1], "gone"], 0]);
});
