// @ts-check
// Drafts of own talks in this browser's localStorage: LIST names them, newest first, and each lies under FILE and its name
// as the very file that "Save to edit later" gives. None goes to the server before "Open it". Words are set as text, never as HTML.
const LIST = "embeddings-talks",
  FILE = "embeddings-talk:",
  HERE = "embeddings-talk-here", // in sessionStorage: the draft of the talk that is edited in this tab
  KEPT = 3;
const STAYS = "the talk stays until this page is reloaded or closed; save it to keep it.";

/** @param {any} row @returns {row is DraftRow} */
const good = (row) =>
  typeof row?.name === "string" &&
  typeof row.digest === "string" &&
  Number.isFinite(row.when) &&
  Number.isInteger(row.scenes) &&
  row.scenes > 0;

/** A row as it is called today: earlier versions named the digest otherwise.
 * @param {any} row */
const renamed = (row) => ({ digest: row?.stamp, ...row });

/** @returns {DraftRow[]} */
function listed() {
  try {
    /** @type {unknown[]} */
    const rows = JSON.parse(localStorage.getItem(LIST) ?? "[]");
    return rows
      .map(renamed)
      .filter(good)
      .filter((row) => Object.hasOwn(localStorage, FILE + row.name));
  } catch {
    return []; // none yet, no list, or no localStorage at all
  }
}

/** Keep these rows and the files they name, and no others.
 * @param {DraftRow[]} rows */
function keep(rows) {
  const names = new Set(rows.map(({ name }) => FILE + name));
  for (const key of Object.keys(localStorage)) if (key.startsWith(FILE) && !names.has(key)) localStorage.removeItem(key);
  localStorage.setItem(LIST, JSON.stringify(rows));
}

/** @param {string} name */
function forget(name) {
  try {
    keep(listed().filter((row) => row.name !== name));
  } catch {
    /* nothing can be kept here, so nothing is */
  }
}

/** Remember, through a reload of this tab, whose draft it edits; nothing where the browser allows none.
 * @param {string} name */
function editedHere(name) {
  try {
    if (name) sessionStorage.setItem(HERE, name);
    else sessionStorage.removeItem(HERE);
  } catch {
    /* a reload then begins with the offer */
  }
}

/** Write this talk's draft, in the place of those that it was opened from; tell whether there was room.
 * @param {Draft & { talk: string }} draft */
function write({ name, digest, scenes, about, talk, opened }) {
  try {
    const rows = listed(),
      others = rows.filter((row) => row.name !== name && !opened.includes(row.digest));
    keep(rows.filter((row) => row.name === name || others.includes(row)));
    localStorage.setItem(FILE + name, talk); // where there is no room, what it had stays
    keep([{ name, digest, scenes, about, when: Date.now() }, ...others].slice(0, KEPT));
    return true;
  } catch {
    return false;
  }
}

/** @param {Component<Draft>} component */
export default function ({ data, parentElement, setTriggerValue }) {
  const place = /** @type {HTMLElement} */ (parentElement.querySelector(".draft")),
    page = (globalThis.embeddingDraft ??= { mark: "", done: true, off: false });
  /** @type {(text: string, ...actions: [name: string, run: () => void][]) => HTMLElement} */
  const line = (text, ...actions) => {
    const row = document.createElement("p");
    row.append(`${text} `);
    for (const [name, onclick] of actions)
      row.append(Object.assign(document.createElement("button"), { type: "button", textContent: name, onclick }), " ");
    return row;
  };
  /** Open the draft of this tab by itself after a reload, once. */
  const resume = () => {
    let name = "";
    try {
      name = sessionStorage.getItem(HERE) ?? "";
    } catch {
      return;
    }
    if (!data.resume || page.resumed || !name || name === data.name) return;
    page.resumed = true;
    const text = listed().some((row) => row.name === name) && localStorage.getItem(FILE + name);
    if (text) setTriggerValue("opened", text);
  };
  const offer = () =>
    place.replaceChildren(
      ...listed()
        .filter(({ name }) => name !== data.name)
        .map(({ name, when, scenes, about }) => {
          const day = new Date(when).toLocaleString([], { dateStyle: "medium", timeStyle: "short" }),
            many = scenes === 1 ? "1 scene" : `${scenes} scenes`;
          const open = () => setTriggerValue("opened", localStorage.getItem(FILE + name) ?? "");
          return line(
            `Your talk of ${day} with ${many}${about ? `, ${about},` : ""} is still in this browser:`,
            ["Open it", open],
            [
              "Forget it",
              () => {
                forget(name);
                offer();
              },
            ],
          );
        }),
    );
  const told = () => {
    if (!data.scenes || data.talk === null) return place.replaceChildren();
    if (page.off) return place.replaceChildren(line(`No draft is kept: ${STAYS}`, ["Keep a draft", () => turn(false)]));
    if (!page.done) return place.replaceChildren(line(`This browser has no room for a draft, or allows none: ${STAYS}`));
    return place.replaceChildren(
      line("A draft of this talk is kept in this browser, on this computer only; save the talk to have it as a file.", [
        "Forget the draft",
        () => turn(true),
      ]),
    );
  };
  /** @param {boolean} off */
  const turn = (off) => {
    Object.assign(page, { off, mark: "", asked: "" });
    if (off) forget(data.name);
    kept();
  };
  const kept = () => {
    const mark = `${data.name} ${data.digest}`;
    if (data.talk === "" && data.scenes && !page.off && page.mark !== mark) {
      // it was sent on another page
      if (listed().some(({ name, digest }) => name === data.name && digest === data.digest))
        Object.assign(page, { mark, done: true });
      else if (page.asked !== mark) setTriggerValue("asked", (page.asked = mark));
    } else if (!page.off && page.mark !== mark && typeof data.talk === "string") {
      page.mark = mark;
      if (data.scenes) page.done = write({ ...data, talk: data.talk });
      else forget(data.name);
    }
    told();
  };
  if (data.talk === undefined) {
    offer();
    resume();
  } else {
    if (data.edited) editedHere(data.scenes ? data.name : "");
    kept();
  }
}
