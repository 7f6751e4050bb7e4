// @ts-check
// A file that is dropped beside a page's own box for files would make the browser leave the page: here it is given to the
// box of pages/_ui/dropped.py, which nobody sees, and what that box would refuse unseen is told to Python.
const OWN_BOX = '[data-testid="stFileUploaderDropzone"]',
  UNSEEN = ".st-key-dropped input[type=file]";

/** Whether files are dragged to a place that takes none itself.
 * @param {DragEvent} event */
function beside(event) {
  const path = event.composedPath().filter((one) => one instanceof Element);
  return !!event.dataTransfer?.types.includes("Files") && !path.some((one) => one.matches(OWN_BOX));
}

/** The files that can be sent, and the names of those that can not.
 * @param {DataTransfer} given @param {number} most bytes */
function sorted(given, most) {
  const good = new DataTransfer(),
    refused = { large: /** @type {string[]} */ ([]), folders: /** @type {string[]} */ ([]) };
  for (const item of given.items) {
    const file = item.getAsFile();
    if (!file) continue;
    if (item.webkitGetAsEntry()?.isDirectory) refused.folders.push(file.name);
    else if (file.size > most) refused.large.push(file.name);
    else good.items.add(file);
  }
  return { files: good.files, refused };
}

/** @param {DragEvent} event */
function over(event) {
  if (beside(event)) event.preventDefault();
}

/** @param {DragEvent} event */
function drop(event) {
  if (!beside(event) || !event.dataTransfer) return;
  event.preventDefault(); // whatever becomes of it: the page stays
  event.stopPropagation();
  const box = /** @type {HTMLInputElement | null} */ (document.querySelector(UNSEEN)),
    here = globalThis.embeddingDrops;
  if (!box || !here) return;
  const { files, refused } = sorted(event.dataTransfer, here.data.most);
  if (refused.large.length || refused.folders.length) here.setTriggerValue("refused", refused);
  if (!files.length) return;
  box.files = files;
  box.dispatchEvent(new Event("change", { bubbles: true }));
}

/** @param {Component<{ most: number }>} component */
export default function (component) {
  const first = !globalThis.embeddingDrops;
  globalThis.embeddingDrops = component; // the one of the page that is shown
  if (!first) return;
  globalThis.addEventListener("dragover", over, true);
  globalThis.addEventListener("drop", drop, true);
}
