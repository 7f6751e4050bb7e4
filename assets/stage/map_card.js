// @ts-check
/* The card of a row beside the map: all that it holds, and the rows nearest to it in the original space. */

const LISTED_NAME = 100; // characters of a neighbour
const BRIEF = 60; // characters that stand beside the name of their column

class RowCard {
  /** @param {MapRows} table @param {{ onPick: (row: number) => void, onClose: () => void }} options */
  constructor(table, { onPick, onClose }) {
    this.table = table;
    this.onPick = onPick;
    this.onClose = onClose;
    this.element = make("aside", "map-card", { "aria-label": "The chosen row" });
    this.show(null);
  }

  /** @param {number | null} row */
  show(row) {
    const { table } = this;
    this.element.classList.toggle("map-empty", row === null);
    if (row === null) {
      this.element.replaceChildren(
        make("p", "map-quiet", {}, "Click a point or a row: here stands all that the row holds, and what is nearest to it."),
      );
      return;
    }
    const cells = table.columns.flatMap(({ name, kind }, at) => {
      const text = table.text(at, row);
      if (!text) return [];
      const value =
        kind === "picture" && isPicture(text) ? make("img", "", { src: text, alt: name }) : make("span", "", { dir: "auto" }, text);
      const wide = kind === "picture" || text.length > BRIEF ? "map-wide" : "";
      return [make("dt", wide, { dir: "auto" }, name), make("dd", wide, {}, value)];
    });
    const close = make(
      "button",
      "stage-button",
      { type: "button", title: "Close (Esc)", "aria-label": "Close (Esc)", onclick: () => this.onClose() },
      "×",
    );
    this.element.replaceChildren(
      make("header", "", {}, make("b", "", {}, `Row ${(table.rows[row] + 1).toLocaleString("en")}`), close),
      make("dl", "", {}, ...cells),
      ...this.neighbours(row),
    );
    this.element.scrollTop = 0;
  }

  /** @param {number} row @returns {HTMLElement[]} */
  neighbours(row) {
    const near = this.table.near(row);
    if (!near.length) return [];
    const best = Math.max(...near.map(([, cosine]) => cosine || 0), 1e-6);
    return [
      make("h3", "", {}, "Nearest"),
      make("p", "map-quiet", {}, this.table.header.nearness),
      make(
        "ol",
        "",
        {},
        ...near.map(([other, cosine]) => {
          const bar = make("i", "", { "aria-hidden": "true" });
          bar.style.width = `${Number.isNaN(cosine) ? 0 : Math.round((100 * cosine) / best)}%`;
          return make(
            "li",
            "",
            {},
            make(
              "button",
              "",
              { type: "button", onclick: () => this.onPick(other) },
              make("span", "", { dir: "auto" }, this.table.name(other, LISTED_NAME)),
              make("small", "", {}, Number.isNaN(cosine) ? "" : cosine.toFixed(2)),
              bar,
            ),
          );
        }),
      ),
    ];
  }
}
