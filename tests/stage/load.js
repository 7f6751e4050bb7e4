// The stage's files as the browser gets them, joined, in a scope of their own; and what they are tested against.
import { readFileSync } from "node:fs";
import vm from "node:vm";

/** What Python makes of the same inputs; tests/stage/twins.py writes it. */
export const twins = JSON.parse(readFileSync(new URL("twins.json", import.meta.url), "utf8"));

/** The text of the parts in order, as `stage_script` and `talk_script` join them.
 * @param {string[]} parts */
export const joined = (parts) =>
  parts.map((part) => readFileSync(new URL(`../../assets/stage/${part}.js`, import.meta.url), "utf8")).join("\n");

/** Run the parts and return what they call `names`. No page is there: what needs one is tested in a browser.
 * @param {string[]} parts @param {string[]} names @param {Record<string, unknown>} more */
export function load(parts, names, more = {}) {
  const scope = vm.createContext({ atob, Event, dispatchEvent() {}, ...more });
  return vm.runInContext(`(() => { ${joined(parts)}\nreturn { ${names.join(", ")} }; })()`, scope);
}

/** Every number of `found` is as near to that of `expected`; the two have the same shape.
 * @param {any} found @param {any} expected */
export function near(found, expected, within = 1e-5, where = "") {
  if (typeof expected === "number") {
    const limit = within * Math.max(1, Math.abs(expected));
    if (!(Math.abs(found - expected) <= limit)) throw new Error(`${where}: ${found} is not ${expected}`);
    return;
  }
  if (found.length !== expected.length) throw new Error(`${where}: ${found.length} values, not ${expected.length}`);
  for (let i = 0; i < expected.length; i++) near(found[i], expected[i], within, `${where}[${i}]`);
}

/** A flat array as rows of `width`.
 * @param {ArrayLike<number>} flat @param {number} width */
export const rowsOf = (flat, width) =>
  Array.from({ length: flat.length / width }, (_, row) => Array.from({ length: width }, (_, i) => flat[row * width + i]));
