// @ts-check
/* The table of rows under the map. Only the rows in sight are elements of the page; the others are room above and below. */

const ROW = 34; // pixels a row
const SPARE = 6; // rows above and below the ones in sight
const SHOWN = 240; // characters of a cell; the card shows all
const NUMBER = 64; // pixels of the column with the rows' numbers

class RowTable {
  /** The rows that are listed, in their order.
   * @type {number[]} */
  rows = [];
  /** Where each row stands in it.
   * @type {Map<number, number>} */
  places = new Map();
  /** The rows as they were given, before they are sorted.
   * @type {number[]} */
  given = [];
  /** @type {{ at: number, falling: boolean } | null} */
  order = null;
  /** @type {number | null} */
  picked = null;
  /** @type {number | null} */
  pointed = null;
  request = 0;

  /** @param {MapRows} table @param {{ onPick: (row: number) => void, onPoint: (row: number | null) => void }} options */
  constructor(table, { onPick, onPoint }) {
    this.table = table;
    this.onPick = onPick;
    this.onPoint = onPoint;
    this.id = `rows-${Math.random().toString(36).slice(2, 8)}`;
    this.head = make("div", "map-heads", { role: "row", "aria-rowindex": 1 });
    this.body = make("div", "map-body", { role: "rowgroup" });
    this.element = make(
      "div",
      "map-rows",
      { role: "grid", tabIndex: 0, "aria-label": "Rows", "aria-colcount": table.columns.length + 1 },
      this.head,
      this.body,
    );
    const widths = table.columns.map((column, at) => this.width(column, at));
    this.element.style.setProperty(
      "--columns",
      `${NUMBER}px ${widths.map(([least, share]) => (share ? `minmax(${least}px, ${share}fr)` : `${least}px`)).join(" ")}`,
    );
    this.element.style.setProperty("--wide", `${widths.reduce((sum, [least]) => sum + least, NUMBER)}px`);
    this.element.style.setProperty("--row", `${ROW}px`);
    this.heads();
  }

  /** @param {AbortSignal} signal */
  listen(signal) {
    const on = listener(signal),
      of = (/** @type {Event} */ event) => {
        const line = event.target instanceof Element ? event.target.closest("[data-row]") : null;
        return line ? Number(line.getAttribute("data-row")) : null;
      };
    on(this.element, "scroll", () => this.soon(), { passive: true });
    on(this.body, "click", (event) => {
      const row = of(event);
      if (row !== null) this.onPick(row);
    });
    on(this.body, "pointerover", (event) => event.pointerType !== "touch" && this.onPoint(of(event)));
    on(this.body, "pointerleave", () => this.onPoint(null));
    on(this.element, "keydown", (event) => this.key(event));
    this.resizer = new ResizeObserver(() => this.draw());
    this.resizer.observe(this.element);
  }

  /** How wide a column is: pixels at least, and its share of what is left; none where it needs no more.
   * @param {MapColumn} column @param {number} at @returns {[least: number, share: number]} */
  width({ name, kind }, at) {
    if (kind === "picture") return [58, 0];
    const { n } = this.table,
      some = Math.min(n, 60),
      lengths = Array.from({ length: some }, (_, i) => this.table.text(at, Math.floor((i * n) / some)).length),
      mean = lengths.reduce((sum, length) => sum + Math.min(length, 100), 0) / (some || 1);
    if (kind === "text" && mean > 16) return mean > 40 ? [320, 4] : [200, 2];
    return [Math.round(clamp(8.7 * Math.max(name.length + 1, ...lengths) + 21, 64, 200)), 0];
  }

  heads() {
    const { columns } = this.table,
      sorted = (/** @type {number} */ at) => (this.order?.at !== at ? "none" : this.order.falling ? "descending" : "ascending");
    this.head.replaceChildren(
      make("span", "map-number", { role: "columnheader" }, "row"),
      ...columns.map(({ name, kind }, at) =>
        make(
          "button",
          kind === "number" ? "map-number" : "",
          {
            type: "button",
            role: "columnheader",
            "aria-sort": sorted(at),
            title: `${name}: click to sort`,
            onclick: () => this.sort(at),
          },
          make("span", "", { dir: "auto" }, name),
          { none: "", ascending: " ↑", descending: " ↓" }[sorted(at)],
        ),
      ),
    );
  }

  /** Sort by a column: rising, falling, as it was.
   * @param {number} at */
  sort(at) {
    const { order } = this;
    this.order = order?.at !== at ? { at, falling: false } : order.falling ? null : { at, falling: true };
    const held = [...this.head.children].indexOf(/** @type {Element} */ (document.activeElement));
    this.heads();
    if (held >= 0) /** @type {HTMLElement} */ (this.head.children[held]).focus({ preventScroll: true });
    this.list(this.given);
  }

  /** List these rows.
   * @param {number[]} rows */
  list(rows) {
    this.given = rows;
    this.rows = this.order ? sortedRows(this.table, rows, this.order.at, this.order.falling) : rows;
    this.places = new Map(this.rows.map((row, place) => [row, place]));
    this.element.setAttribute("aria-rowcount", String(this.rows.length + 1));
    this.body.style.height = `${this.rows.length * ROW}px`;
    this.element.scrollTop = 0;
    this.draw();
  }

  /** Mark a row as the one that is looked at; into sight, where it is listed.
   * @param {number | null} row */
  pick(row, reveal = true) {
    this.picked = row;
    const place = row === null ? undefined : this.places.get(row),
      { element } = this,
      room = element.clientHeight - ROW;
    if (reveal && place !== undefined && (place * ROW < element.scrollTop || (place + 1) * ROW > element.scrollTop + room))
      element.scrollTop = Math.max(0, place * ROW - room / 2);
    this.draw();
  }

  /** Mark a row that the pointer is on, on the map.
   * @param {number | null} row */
  point(row) {
    if (row === this.pointed) return;
    this.pointed = row;
    for (const line of this.body.children) line.classList.toggle("map-pointed", Number(line.getAttribute("data-row")) === row);
  }

  soon() {
    this.request ||= requestAnimationFrame(() => {
      this.request = 0;
      this.draw();
    });
  }

  draw() {
    const { element, rows, table } = this,
      first = Math.max(0, Math.floor(element.scrollTop / ROW) - SPARE),
      last = Math.min(rows.length, Math.ceil((element.scrollTop + element.clientHeight) / ROW) + SPARE);
    const lines = rows.slice(first, last).map((row, i) => {
      const line = make(
        "div",
        `map-line${row === this.picked ? " map-picked" : ""}${row === this.pointed ? " map-pointed" : ""}`,
        {
          role: "row",
          id: `${this.id}-${row}`,
          "data-row": row,
          "aria-rowindex": first + i + 2,
          "aria-selected": row === this.picked,
        },
        make("span", "map-number", { role: "gridcell" }, (table.rows[row] + 1).toLocaleString("en")),
        ...table.columns.map(({ kind }, at) => this.cell(kind, table.text(at, row))),
      );
      line.style.top = `${(first + i) * ROW}px`;
      return line;
    });
    this.body.replaceChildren(...lines);
    const { picked } = this,
      place = picked === null ? undefined : this.places.get(picked);
    if (place !== undefined && place >= first && place < last)
      element.setAttribute("aria-activedescendant", `${this.id}-${picked}`);
    else element.removeAttribute("aria-activedescendant");
  }

  /** @param {MapColumn["kind"]} kind @param {string} text */
  cell(kind, text) {
    const cell = make("span", kind === "number" ? "map-number" : "", { role: "gridcell", dir: "auto" });
    if (kind === "picture") {
      if (isPicture(text)) cell.append(make("img", "", { src: text, alt: "", loading: "lazy" }));
    } else cell.textContent = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
    return cell;
  }

  /** Arrows go from row to row.
   * @param {KeyboardEvent} event */
  key(event) {
    if (event.target !== this.element || event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor(this.element.clientHeight / ROW) - 2),
      by = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity }[event.key];
    if (!by || !this.rows.length) return;
    event.preventDefault();
    event.stopPropagation();
    const place = this.picked === null ? undefined : this.places.get(this.picked);
    this.onPick(this.rows[clamp((place ?? (by > 0 ? -1 : this.rows.length)) + by, 0, this.rows.length - 1)]);
  }

  dispose() {
    this.resizer?.disconnect();
    cancelAnimationFrame(this.request);
  }
}
