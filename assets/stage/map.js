// @ts-check
/* A map of a table that is explored in one page, without a server: search, colours, selection, the card of a row, and the table, all
 * round one stage. The page is a file of its own, or the output of a cell in a notebook. */

const LABEL = 32; // letters of a row's label on the map, where names are long
const TOLD = 160; // and under the pointer
const MANY_ROWS = 20_000; // of more, points are smaller

class Explorer {
  /** The column that colours; -1 for none. */
  colour = -1;
  /** The groups that colour the rows; null where a ramp does.
   * @type {Int16Array | null} */
  groups = null;
  /** How many rows each group has.
   * @type {number[]} */
  counts = [];
  /** Which rows hold what is searched for; null while nothing is.
   * @type {Uint8Array | null} */
  hits = null;
  /** @type {number[]} */
  found = [];
  /** Rows that were selected, rising.
   * @type {number[]} */
  selection = [];
  /** The row that is looked at.
   * @type {number | null} */
  picked = null;
  /** Which rows the table lists.
   * @type {"all" | "found" | "selected"} */
  listed = "all";
  ends = new AbortController();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  typing = undefined;

  /** @param {HTMLElement} element @param {MapRows} table @param {ExplorerOptions} options */
  constructor(element, table, { onSelection }) {
    this.table = table;
    this.onSelection = onSelection;
    this.all = Array.from({ length: table.n }, (_, row) => row);
    this.bar = new MapBar(this);
    this.place = make("div", "map-stage");
    this.card = new RowCard(table, { onPick: (row) => this.pick(row, true), onClose: () => this.pick(null) });
    this.lines = new RowTable(table, { onPick: (row) => this.pick(row, true), onPoint: (row) => this.point(row) });
    const below = make("div", "map-below", {}, this.bar.list, this.bar.none, this.lines.element);
    this.root = make("div", "map-page", {}, this.bar.element, this.place, this.card.element, below);
    element.replaceChildren(make("div", "map-frame", {}, this.root));
    this.scene = this.values();
    this.stage = new Stage(this.place, {
      flat: true,
      onClick: () => this.pick(this.stage.selected),
      onSelect: ({ rows = [] }) => this.select(this.hits ? rows.filter((row) => this.hits?.[row]) : rows),
      onHide: () => this.mark(),
      onHover: (row) => this.lines.point(row),
      tell: (row) => this.tell(row),
      name: (row) => table.name(row, TOLD),
      count: (group) => this.counts[group].toLocaleString("en"),
    });
    this.colourBy(table.header.colour);
    this.lines.listen(this.ends.signal);
    this.list();
    const on = listener(this.ends.signal);
    on(this.root, "keydown", (event) => this.press(event));
    on(document, "keydown", (event) => {
      const elsewhere = document.activeElement && document.activeElement !== document.body,
        ours = !this.root.closest(".map-notebook") || this.root.matches(":hover"); // a notebook has keys of its own
      if (!elsewhere && ours) this.press(event);
    });
  }

  /** What the stage gets besides colours and positions.
   * @returns {SceneValues} */
  values() {
    const { scene } = this.table.header;
    const { named } = this.table.header;
    return { ...scene, items: this.all.map((row) => this.table.name(row, named ? undefined : LABEL)), keys: this.all.map(String) };
  }

  /** Colour by a column; -1 by none.
   * @param {number} at */
  colourBy(at) {
    const { table } = this,
      column = table.columns[at],
      /** @type {(array: MapArray | Int16Array) => Column} */
      sent = (array) => ({ getChild: () => ({ toArray: () => array }) }),
      /** @type {Payload} */
      payload = { scene: { ...this.scene, groupNames: [], valuesTitle: "" }, frames: sent(table.arrays.frames) };
    this.colour = at;
    this.groups = null;
    this.stage.hidden.clear();
    if (column?.scale === "ramp") {
      const dated = column.kind === "date",
        { places, low, high, logarithmic } = rampOf(table.numbers(at), dated),
        write = dated ? (/** @type {number} */ x) => dateText(x).slice(0, 10) : numberText;
      payload.values = sent(places);
      payload.scene.valuesTitle = `${column.name}${logarithmic ? ", log scale" : ""} (${write(low)} … ${write(high)})`;
    } else if (column?.scale === "categories") {
      const { names, counts, groups } = categoriesOf(table, at);
      this.groups = groups;
      payload.groups = sent(groups);
      payload.scene.groupNames = names.map((name) => name.slice(0, 60));
      this.counts = counts;
    }
    if (table.n > MANY_ROWS) payload.sizes = sent(new Float32Array(table.n).fill(0.7));
    if (!table.header.named) payload.priority = sent(new Float32Array(table.n).fill(-1));
    const { near } = this;
    Object.assign(payload.scene, { highlighted: near, links: near.map((other) => [this.picked, other, "neighbour"]) });
    this.stage.presence = this.presence();
    this.stage.show(payload);
    this.bar.coloured(at);
  }

  /** The rows near the one that is looked at, without those that are hidden. */
  get near() {
    const { picked, table } = this;
    if (picked === null) return [];
    return table
      .near(picked)
      .map(([other]) => other)
      .filter((other) => this.shown(other));
  }

  /** Whether a row is on the map.
   * @param {number} row */
  shown(row) {
    return !this.groups || !this.stage.hidden.has(this.groups[row]);
  }

  /** Which rows are on the map, and which of them stand back: what is searched for leads, else what is selected. */
  presence() {
    const { hits, selection, stage, table } = this;
    if (!hits && !selection.length && !stage.hidden.size) return null;
    const out = new Uint8Array(table.n).fill(hits || selection.length ? 1 : 2);
    if (hits) for (const row of this.found) out[row] = 3;
    else for (const row of selection) out[row] = 3;
    if (stage.hidden.size) for (let row = 0; row < table.n; row++) if (!this.shown(row)) out[row] = 0;
    return out;
  }

  mark() {
    const { stage } = this,
      from = stage.points.colours();
    stage.presence = this.presence();
    stage.names.sampledFor = "";
    stage.points.leg = -1;
    this.refresh(from);
  }

  /** @param {Uint8Array} from the colours before */
  refresh(from) {
    const { stage } = this;
    stage.labels.next = 0;
    stage.points.fade(from);
    stage.settleSoon();
    stage.wake();
  }

  /** Look at a row: its card, its lines, its place in the table; null lets it go.
   * @param {number | null} row @param {boolean} [reach] whether the map brings it into sight */
  pick(row, reach = false) {
    const { stage } = this,
      from = stage.points.colours();
    this.picked = row;
    stage.selected = row;
    const { near } = this;
    Object.assign(stage.film, { highlighted: near, links: near.map((other) => [row, other, "neighbour"]) });
    stage.links.load(stage.film, performance.now());
    if (row !== null && reach && stage.plot instanceof FlatPlot) stage.plot.reach(row);
    this.refresh(from);
    this.card.show(row);
    this.root.classList.toggle("map-looking", row !== null);
    this.lines.pick(row, true);
    this.bar.told();
  }

  /** Point at a row of the table: it has a ring on the map.
   * @param {number | null} row */
  point(row) {
    const { stage } = this;
    stage.input.forget();
    stage.hovered = row;
    stage.wake();
  }

  /** @param {number} row */
  tell(row) {
    const { table, colour } = this;
    return colour < 0 || colour === table.header.naming
      ? ""
      : `${table.columns[colour].name}: ${table.text(colour, row).slice(0, 80) || "(empty)"}`;
  }

  /** Search; what is found is lit and listed.
   * @param {string} asked */
  search(asked) {
    clearTimeout(this.typing);
    this.typing = undefined;
    const { hits, told } = searchRows(this.table, asked);
    this.hits = hits;
    this.found = hits ? this.all.filter((row) => hits[row]) : [];
    this.listed = hits ? "found" : this.selection.length ? "selected" : "all";
    this.mark();
    this.list();
    this.bar.told(told);
  }

  /** Search shortly, when the typing rests.
   * @param {string} asked */
  searchSoon(asked) {
    clearTimeout(this.typing);
    this.typing = setTimeout(() => this.search(asked), 140);
  }

  /** Go to the next of what is found, or back.
   * @param {number} by */
  step(by) {
    const { rows, places } = this.lines;
    if (!this.hits || !rows.length) return;
    const place = this.picked === null ? undefined : places.get(this.picked),
      next = place === undefined ? (by > 0 ? 0 : rows.length - 1) : (place + by + rows.length) % rows.length;
    this.pick(rows[next], true);
  }

  /** Select rows; none lets the selection go.
   * @param {number[]} rows */
  select(rows, tell = true) {
    this.selection = [...rows].sort((a, b) => a - b);
    this.listed = rows.length ? "selected" : this.hits ? "found" : "all";
    this.mark();
    this.list();
    this.bar.told();
    if (tell) this.onSelection?.(this.selection.map((row) => this.table.rows[row]));
  }

  /** Select rows by their positions in the table that the map was made of: what a notebook asks for.
   * @param {number[]} positions */
  selectPositions(positions) {
    const wanted = new Set(positions),
      rows = this.all.filter((row) => wanted.has(this.table.rows[row]));
    if (rows.join() !== this.selection.join()) this.select(rows, false);
  }

  /** The rows that the table lists. */
  rows() {
    return { all: this.all, found: this.found, selected: this.selection }[this.listed];
  }

  list() {
    this.lines.list(this.rows());
    this.bar.told();
  }

  save() {
    const rows = this.lines.rows,
      name =
        this.table.header.title
          .replace(/\.[a-z]{2,7}$/i, "")
          .replace(/[^\p{L}\p{M}\p{N} _-]+/gu, "")
          .trim()
          .slice(0, 60) || "map";
    download(new Blob([this.table.csv(rows)], { type: "text/csv;charset=utf-8" }), `${name}, ${rows.length} rows.csv`);
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target instanceof Element && event.target.closest("input:not([type=range]), select, textarea");
    if (event.key === "/" && !typing) this.bar.focus();
    else if (event.key === "Escape" && !typing && this.picked !== null) this.pick(null);
    else if (event.key === "Escape" && !typing && this.selection.length) this.select([]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  dispose() {
    clearTimeout(this.typing);
    this.ends.abort();
    this.lines.dispose();
    this.stage.dispose();
  }
}

/** Unpack a map and open it in an element; says there why it could not be.
 * @param {HTMLElement} element @param {Uint8Array<ArrayBuffer>} packed @param {ExplorerOptions} [options] */
async function openExplorer(element, packed, options = {}) {
  element.replaceChildren(make("p", "map-wait", { role: "status" }, "Unpacking the map …"));
  try {
    const table = await unpackMap(packed);
    return new Explorer(element, table, options);
  } catch (problem) {
    const told = problem instanceof Error ? problem.message : String(problem);
    element.replaceChildren(make("p", "map-wait", { role: "alert" }, `This map could not be opened. ${told}`));
    return null;
  }
}

globalThis.embeddingExplorer = { open: openExplorer, bytesOf };
