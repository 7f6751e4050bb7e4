// @ts-check
// A button that copies the address of the page, or the short one that stands for it. Words are set as text, never as HTML.

/** @param {Component<{ kept: string }>} component */
export default function ({ data, parentElement }) {
  const place = /** @type {HTMLElement} */ (parentElement.querySelector(".copy-link")),
    button = Object.assign(document.createElement("button"), { type: "button", textContent: "Copy link" }),
    told = document.createElement("span");
  told.setAttribute("role", "status");
  const address = () => `${location.origin}${location.pathname}${data.kept ? `?kept=${data.kept}` : location.search}`;
  button.onclick = async () => {
    const text = address();
    try {
      await navigator.clipboard.writeText(text);
      told.textContent = data.kept ? `Copied: ${text}` : "Copied.";
    } catch {
      const field = Object.assign(document.createElement("input"), { value: text, readOnly: true });
      told.replaceChildren("Copy this address: ", field); // this browser lets no page write to its clipboard
      field.select();
    }
  };
  place.replaceChildren(button, told);
}
