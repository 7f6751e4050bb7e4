// The button of Share that copies an address: that of the page, the short one that stands for it, or one to copy by hand.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import vm from "node:vm";

const code = readFileSync(new URL("../../assets/copy_link.js", import.meta.url), "utf8").replace("export default", "copyLink =");

/** The button as a page shows it, and what a press of it copies. @param {string} kept @param {boolean} allowed */
async function pressed(kept, allowed = true) {
  const copied = [],
    made = () => ({
      setAttribute() {},
      children: [],
      replaceChildren: (...all) => (node.children = all),
      select: () => (node.selected = true),
    }),
    parts = [];
  let node = made();
  const document = { createElement: () => (parts.push((node = made())), node) },
    place = { replaceChildren: (...all) => (place.children = all), children: [] },
    writeText = async (text) => {
      if (!allowed) throw new Error("not allowed");
      copied.push(text);
    };
  const scope = vm.createContext({
    copyLink: null,
    document,
    location: { origin: "http://127.0.0.1:1", pathname: "/words", search: "?words=sun,+moon" },
    navigator: { clipboard: { writeText } },
  });
  vm.runInContext(code, scope);
  scope.copyLink({ data: { kept }, parentElement: { querySelector: () => place } });
  const [button, told] = place.children;
  told.replaceChildren = (...all) => (told.children = all);
  await button.onclick();
  return { copied, button, told, parts };
}

test("it copies the address of the page, and says so", async () => {
  const { copied, button, told } = await pressed("");
  assert.equal(button.textContent, "Copy link");
  assert.deepEqual([copied, told.textContent], [["http://127.0.0.1:1/words?words=sun,+moon"], "Copied."]);
});

test("of a long address it copies the short one that stands for it", async () => {
  const { copied, told } = await pressed("a1b2c3");
  assert.deepEqual(
    [copied, told.textContent],
    [["http://127.0.0.1:1/words?kept=a1b2c3"], "Copied: http://127.0.0.1:1/words?kept=a1b2c3"],
  );
});

test("where a browser lets no page write to its clipboard, the address stands there to be copied", async () => {
  const { copied, told } = await pressed("", false);
  assert.deepEqual(
    [copied, told.children[0], told.children[1].value],
    [[], "Copy this address: ", "http://127.0.0.1:1/words?words=sun,+moon"],
  );
});
