// @ts-check
/* What stands over the map and over the table: the title, the search, the colours, and which rows are listed. */

/** What stands in the place of an empty table. */
const NONE = {
  all: "This map has no rows.",
  found: "No row holds what you search for. Try fewer letters or another word; Esc in the search box lists all rows again.",
  selected: "No row is selected.",
};

class MapBar {
  /** @param {Explorer} explorer */
  constructor(explorer) {
    this.explorer = explorer;
    const { header, columns, n } = explorer.table,
      /** @type {(label: string, words: string, run: () => void) => HTMLButtonElement} */
      button = (label, words, run) =>
        make("button", "map-button", { type: "button", title: label, "aria-label": label, onclick: run }, words);
    this.input = make("input", "map-search", {
      type: "search",
      placeholder: "search: words, or /a pattern/",
      "aria-label": "Search the rows: words, or a regular expression between slashes (/)",
      spellcheck: false,
      maxLength: 300,
      oninput: () => explorer.searchSoon(this.input.value),
      onkeydown: (/** @type {KeyboardEvent} */ event) => this.key(event),
    });
    this.back = button("Back to the one before (Shift Enter)", "↑", () => explorer.step(-1));
    this.next = button("To the next one (Enter)", "↓", () => explorer.step(1));
    this.count = make("span", "map-count", { role: "status", "aria-live": "polite" });
    this.colours = make(
      "select",
      "",
      { "aria-label": "Colour by", onchange: () => explorer.colourBy(Number(this.colours.value)) },
      make("option", "", { value: "-1" }, "no column"),
      ...columns.flatMap(({ name, scale }, at) => (scale ? [make("option", "", { value: String(at) }, name.slice(0, 60))] : [])),
    );
    this.element = make(
      "header",
      "map-bar",
      {},
      make(
        "div",
        "map-title",
        {},
        make("h1", "", { dir: "auto" }, header.title),
        make("p", "map-quiet", { title: header.told, dir: "auto" }, header.told),
      ),
      make("div", "map-find", { role: "search" }, this.input, this.count, this.back, this.next),
      make("label", "map-colours", {}, "colour by", this.colours),
    );
    this.kinds = /** @type {const} */ (["all", "found", "selected"]).map((kind) => ({
      kind,
      button: make("button", "map-button", {
        type: "button",
        onclick: () => {
          explorer.listed = kind;
          explorer.list();
        },
      }),
    }));
    this.choose = make(
      "button",
      "map-button",
      { type: "button", onclick: () => explorer.select(explorer.found) },
      "Select what is found",
    );
    this.letGo = make("button", "map-button", { type: "button", onclick: () => explorer.select([]) }, "Let the selection go");
    this.save = make("button", "map-button", { type: "button", onclick: () => explorer.save() });
    this.list = make(
      "div",
      "map-list",
      {},
      make("div", "map-kinds", { role: "group", "aria-label": "Rows in the table" }, ...this.kinds.map((each) => each.button)),
      this.choose,
      this.letGo,
      make("span", "map-fill"),
      this.save,
    );
    this.none = make("p", "map-none map-quiet", { hidden: true });
    this.n = n;
  }

  focus() {
    this.input.focus();
    this.input.select();
  }

  /** @param {number} at */
  coloured(at) {
    this.colours.value = String(at);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const { explorer } = this;
    if (event.key === "Enter") {
      if (!explorer.hits || explorer.typing) explorer.search(this.input.value);
      explorer.step(event.shiftKey ? -1 : 1);
    } else if (event.key === "Escape") {
      this.input.value = "";
      explorer.search("");
      explorer.stage.root.focus({ preventScroll: true });
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Say how many rows are found, selected and listed; `problem` in their place.
   * @param {string} [problem] */
  told(problem = "") {
    const { explorer } = this,
      { hits, found, selection, listed, picked } = explorer,
      say = (/** @type {number} */ count) => count.toLocaleString("en"),
      place = picked === null || !hits ? undefined : explorer.lines?.places.get(picked);
    this.count.textContent =
      problem || (hits ? `${place === undefined ? "" : `${say(place + 1)} of `}${say(found.length)} found` : "");
    this.count.classList.toggle("map-problem", Boolean(problem));
    this.back.hidden = this.next.hidden = !hits || !found.length;
    const words = {
      all: `all ${say(this.n)} rows`,
      found: `${say(found.length)} found`,
      selected: `${say(selection.length)} selected`,
    };
    for (const { kind, button } of this.kinds) {
      button.textContent = words[kind];
      button.setAttribute("aria-pressed", String(listed === kind));
      button.hidden = kind === "found" ? !hits : kind === "selected" && !selection.length;
    }
    this.choose.hidden = !found.length || (found.length === selection.length && found.join() === selection.join());
    this.letGo.hidden = !selection.length;
    const count = explorer.rows().length;
    this.none.hidden = count > 0;
    this.none.textContent = problem || NONE[listed];
    this.save.textContent = `Save ${count === 1 ? "1 row" : `${say(count)} rows`} as CSV`;
    this.save.disabled = !count;
  }
}
