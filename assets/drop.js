// @ts-check
// A file that is dropped on a page without a box for files would make the browser leave the page: here it is given to the
// box of pages/_ui/dropped.py, which nobody sees.
const OWN_BOX = '[data-testid="stFileUploaderDropzone"]',
  UNSEEN = ".st-key-dropped input[type=file]";

/** The unseen box, where files are dragged to a place that takes none itself.
 * @param {DragEvent} event @returns {HTMLInputElement | null} */
function boxFor(event) {
  const path = event.composedPath().filter((one) => one instanceof Element);
  if (!event.dataTransfer?.types.includes("Files") || path.some((one) => one.matches(OWN_BOX))) return null;
  return document.querySelector(UNSEEN);
}

export default function () {
  const page = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (globalThis));
  if (page.embeddingDrops) return;
  page.embeddingDrops = true;
  globalThis.addEventListener("dragover", (event) => boxFor(event) && event.preventDefault(), true);
  globalThis.addEventListener(
    "drop",
    (event) => {
      const box = boxFor(event);
      if (!box || !event.dataTransfer) return;
      event.preventDefault();
      event.stopPropagation();
      box.files = event.dataTransfer.files;
      box.dispatchEvent(new Event("change", { bubbles: true }));
    },
    true,
  );
}
