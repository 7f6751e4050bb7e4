// @ts-check
// Ranked bars: one row an item, filled one after the other in rank order. Words are set as text, never as HTML.

/** @param {Component<Ranking>} component */
export default function ({ data, parentElement, setTriggerValue }) {
  const list = /** @type {HTMLElement} */ (parentElement.querySelector("ol"));
  const quiet = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const fresh = list.dataset.film !== data.film;
  list.dataset.film = data.film;
  /** @template {keyof HTMLElementTagNameMap} K @param {K} tag @param {string} kind @param {string} [text] */
  const make = (tag, kind, text) => {
    const element = document.createElement(tag);
    element.className = kind;
    if (text !== undefined) element.textContent = text;
    return element;
  };
  list.replaceChildren(
    ...data.rows.map((row, rank) => {
      const item = make("li", row.faint ? "row faint" : "row");
      const button = make("button", "choose");
      button.type = "button";
      button.title = row.hint || "";
      button.onclick = () => setTriggerValue("chosen", row.label);
      const bar = make("span", "bar");
      const fill = make("span", "fill");
      bar.hidden = row.length === null;
      fill.style.width = `${Math.max(0, Math.min(1, row.length ?? 0)) * 100}%`;
      if (fresh && !quiet) fill.style.animationDelay = `${data.delay + rank * data.step}ms`;
      else fill.style.animation = "none";
      bar.append(fill);
      button.append(make("span", "rank", data.numbered ? String(rank + 1) : ""), " "); // what is seen is what is read out
      if (/^data:image\/(png|jpeg|webp|gif|avif);base64,/.test(row.image || "")) {
        button.classList.add("pictured"); // never a network address
        const picture = make("img", "picture");
        picture.src = row.image ?? "";
        picture.alt = "";
        button.append(picture);
      }
      button.append(
        make("span", "label", row.label),
        " ",
        make("span", "score", row.score),
        " ",
        bar,
        make("span", "note", row.note),
      );
      item.append(button);
      return item;
    }),
  );
}
