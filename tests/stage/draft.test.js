// Drafts of talks in a browser whose store is full, forbidden or damaged: it says so, and what was there before stays.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import vm from "node:vm";

const code = readFileSync(new URL("../../assets/draft.js", import.meta.url), "utf8").replace(
  "export default function",
  "draft = function",
);

/** A store of so many characters. */
function store(room, held = {}) {
  const kept = { ...held };
  const methods = {
    getItem: (key) => (Object.hasOwn(kept, key) ? kept[key] : null),
    removeItem: (key) => delete kept[key],
    setItem(key, text) {
      const others = Object.entries(kept).reduce((sum, [name, each]) => sum + (name === key ? 0 : each.length), 0);
      if (others + text.length > room) throw new Error("QuotaExceededError");
      kept[key] = text;
    },
  };
  for (const [name, value] of Object.entries(methods)) Object.defineProperty(kept, name, { value });
  return kept;
}

/** What the page says of a draft. */
function said(localStorage, talk, name = "own") {
  const place = { rows: [], replaceChildren: (...rows) => (place.rows = rows) };
  const document = {
    createElement: () => ({
      text: "",
      append(...all) {
        this.text += all.filter((each) => typeof each === "string").join("");
      },
    }),
  };
  const scope = vm.createContext({ draft: null, document, sessionStorage: store(1e6), ...(localStorage && { localStorage }) });
  vm.runInContext(code, scope);
  const data =
    talk === undefined ? { name } : { name, digest: `d${talk.length}`, scenes: 2, about: "", talk, opened: [], edited: false };
  scope.draft({ data, parentElement: { querySelector: () => place }, setTriggerValue() {} });
  return place.rows.map((row) => row.text).join("\n");
}

test("a draft that fits is kept; one that does not leaves what was there, and that is said", () => {
  const full = store(600);
  assert.match(said(full, "first"), /A draft of this talk is kept/);
  assert.match(said(full, "x".repeat(2_000)), /no room for a draft/);
  assert.equal(full["embeddings-talk:own"], "first");
  assert.match(said(full, undefined, "another visit"), /with 2 scenes/);
});

test("a browser that allows no store says so, and nothing breaks", () => {
  assert.match(said(null, "first"), /no room for a draft, or allows none/);
  assert.equal(said(null, undefined), "");
});

test("a list that was cut short, or names what is gone, offers nothing", () => {
  for (const list of ['[{"name": "a", "dig', "{}", "null", '[null, 1, {"name": "a", "digest": "d", "when": 1, "scenes": 2}]'])
    assert.equal(said(store(1e6, { "embeddings-talks": list }), undefined), "", list);
  assert.match(said(store(1e6, { "embeddings-talks": '[{"name": "a", "dig' }), "first"), /is kept/);
});
