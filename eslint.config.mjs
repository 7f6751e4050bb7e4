// How the browser code in assets/ is checked. The stage's files are scripts that share one scope; names across files are
// tsc's affair, and tests/stage/joined.test.js looks at the joined text.
import globals from "globals";

const unused = { vars: "all", args: "all", argsIgnorePattern: "^_", caughtErrors: "all" };
const rules = {
  "no-unused-vars": ["error", unused],
  "prefer-const": "error",
  "no-var": "error",
  eqeqeq: "error",
  "no-shadow-restricted-names": "error",
  "no-unused-expressions": ["error", { allowShortCircuit: true }],
  "no-eval": "error",
  "no-implied-eval": "error",
  "no-new-func": "error",
  "no-self-assign": "error",
  "no-dupe-keys": "error",
  "no-dupe-class-members": "error",
  "no-unreachable": "error",
  "no-fallthrough": "error",
  "no-cond-assign": "error",
  "no-empty": "error",
  "no-useless-return": "error",
  "no-useless-escape": "error",
  "no-lone-blocks": "error",
  "no-constant-condition": "error",
  "no-sparse-arrays": "error",
  "no-unsafe-finally": "error",
  "no-restricted-properties": [
    "error",
    ...["innerHTML", "outerHTML", "insertAdjacentHTML"].map((property) => ({ property, message: "words are set as text" })),
  ],
  "max-lines": ["error", 400],
};

export default [
  { ignores: ["node_modules/", ".venv/", "build/", "dist/", "**/*.d.ts"] },
  {
    files: ["assets/stage/*.js"],
    languageOptions: { sourceType: "script", ecmaVersion: 2022, globals: globals.browser },
    rules: { ...rules, "no-unused-vars": ["error", { ...unused, vars: "local" }] },
  },
  {
    files: ["assets/*.js"],
    languageOptions: { sourceType: "module", ecmaVersion: 2022, globals: globals.browser },
    rules: { ...rules, "no-undef": "error" },
  },
  {
    files: ["tests/stage/*.js", "*.mjs"],
    languageOptions: { sourceType: "module", ecmaVersion: 2022, globals: globals.node },
    rules: { ...rules, "no-undef": "error" },
  },
];
