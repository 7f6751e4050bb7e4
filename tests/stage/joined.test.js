// The joined text: every name that is used is there, and every name that is there is used.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Linter } from "eslint";
import globals from "globals";
import { joined, twins } from "./load.js";

for (const [name, parts] of Object.entries(twins.parts))
  test(`nothing is missing and nothing is left over: ${name}`, () => {
    const languageOptions = { sourceType: "module", ecmaVersion: 2022, globals: globals.browser };
    const found = new Linter().verify(joined(parts), [
      { languageOptions, rules: { "no-undef": "error", "no-unused-vars": ["error", { args: "none" }], "no-redeclare": "error" } },
    ]);
    assert.deepEqual(
      found.map(({ line, message }) => `${line}: ${message}`),
      [],
    );
  });

test("no word becomes HTML, and nothing is asked of a network", () => {
  for (const parts of Object.values(twins.parts))
    assert.doesNotMatch(joined(parts), /innerHTML|insertAdjacentHTML|\beval\(|\bfetch\(|XMLHttpRequest|^import /m);
});
