// @ts-check
// Options of a question: numbered buttons, also by the keys 1 to 6. Words are set as text, never as HTML.

/** @param {Component<Options>} component */
export default function ({ data, parentElement, setTriggerValue }) {
  const list = /** @type {HTMLElement & { listens?: (event: KeyboardEvent) => void }} */ (parentElement.querySelector("ol")),
    open = data.right === null;
  /** @template {keyof HTMLElementTagNameMap} K @param {K} tag @param {string} kind @param {string} text */
  const make = (tag, kind, text) => Object.assign(document.createElement(tag), { className: kind, textContent: text });
  /** @param {number} at */
  const choose = (at) => {
    if (open && at >= 0 && at < data.options.length) setTriggerValue("chosen", at);
  };
  list.replaceChildren(
    ...data.options.map((text, at) => {
      const item = document.createElement("li"),
        button = make("button", "option", "");
      const mark = open ? "" : at === data.right ? "right" : at === data.chosen ? "wrong" : "";
      const said = mark === "right" ? (at === data.chosen ? "right, your guess" : "right") : mark && "your guess";
      if (mark) button.classList.add(mark);
      button.type = "button";
      button.disabled = !open;
      button.onclick = () => choose(at);
      button.append(make("span", "key", String(at + 1)));
      if (/^data:image\/(png|jpeg|webp|gif|avif);base64,/.test(data.images[at] || "")) {
        const picture = make("img", "picture", ""); // never a network address
        Object.assign(picture, { src: data.images[at], alt: "" });
        button.append(picture);
      }
      button.append(make("span", "label", text), ...(said ? [make("span", "said", said)] : []));
      item.append(button);
      return item;
    }),
  );
  /** @param {KeyboardEvent} event */
  const key = (event) => {
    const busy = event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable]");
    if (!busy && !event.ctrlKey && !event.metaKey && !event.altKey && /^[1-6]$/.test(event.key)) choose(Number(event.key) - 1);
  };
  if (list.listens) document.removeEventListener("keydown", list.listens);
  list.listens = key;
  document.addEventListener("keydown", key);
  return () => document.removeEventListener("keydown", list.listens ?? key);
}
