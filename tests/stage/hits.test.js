// Keys of the search of rows: Enter goes on to the next hit, "/" goes to the box. The listener stands in the page's component.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import vm from "node:vm";

const page = readFileSync(new URL("../../pages/_ui/stage.py", import.meta.url), "utf8"),
  [, code] = /^ENTER = """([^]*?)"""/m.exec(page) ?? [];

/** A page with the box, its button, and what the listeners do to them. */
function opened() {
  const heard = { focusin: [], keydown: [] },
    at = { clicks: 0, focused: 0, running: false },
    box = {
      value: "",
      matches: (wanted) => wanted === ".st-key-search-data input" || wanted.startsWith("input"),
      focus: () => at.focused++,
      select() {},
    };
  const document = {
    addEventListener: (kind, run) => heard[kind].push(run),
    querySelector: (wanted) =>
      wanted.startsWith(".st-key-next-row")
        ? { click: () => at.clicks++ }
        : wanted.includes("script-state")
          ? at.running || null
          : box,
  };
  const scope = vm.createContext({ document });
  vm.runInContext(code, scope);
  vm.runInContext(code, scope); // a page that loads it twice listens once
  const tell = (kind, event) => heard[kind].forEach((run) => run(event));
  const press = (key, target = box, more = {}) => {
    let prevented = false;
    tell("keydown", { key, target, preventDefault: () => (prevented = true), ...more });
    return prevented;
  };
  return { at, box, press, focus: () => tell("focusin", { target: box }) };
}

test("Enter searches what is new, and goes to the next hit where nothing is", () => {
  const { at, box, press, focus } = opened();
  focus();
  assert.equal(press("Enter"), false); // nothing is searched for
  box.value = "soup";
  assert.equal(press("Enter"), false); // Streamlit takes it
  assert.equal(at.clicks, 0);
  assert.equal(press("Enter"), true);
  press("Enter");
  assert.equal(at.clicks, 2);
  box.value = "soups";
  press("Enter");
  press("Enter", box, { isComposing: true });
  assert.equal(at.clicks, 2);
  focus(); // left and come back to: it still holds what was searched for
  at.running = true; // the hits are still looked for
  press("Enter");
  assert.equal(at.clicks, 2);
  at.running = false;
  press("Enter");
  assert.equal(at.clicks, 3);
});

test("a slash goes to the box, but is a letter where somebody types", () => {
  const { at, box, press } = opened(),
    elsewhere = { matches: () => false };
  assert.equal(press("/", elsewhere), true);
  assert.equal(at.focused, 1);
  assert.equal(press("/", box), false);
  assert.equal(press("/", { isContentEditable: true, matches: () => false }), false);
  assert.equal(press("/", elsewhere, { ctrlKey: true }), false);
  assert.equal(at.focused, 1);
});
