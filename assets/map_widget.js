// @ts-check
/* The map in a notebook, as an anywidget module; Python puts it behind the files of the map (embeddings_core/export/map_html.py). */

/** Keep letters and arrows that are pressed on the map from the notebook, where `x` cuts a cell and `m` makes text of it. What saves
 * the notebook, runs the cell or leaves the map goes on.
 * @param {KeyboardEvent} event */
function keep(event) {
  const { key, shiftKey, ctrlKey, metaKey, altKey } = event;
  if (!(ctrlKey || metaKey || altKey || key === "Escape" || (shiftKey && key === "Enter"))) event.stopPropagation();
}

/** @param {MapView} view */
async function render({ model, el }) {
  const place = document.createElement("div"); // the style of `el` is the notebook's, which empties it when it likes
  place.className = "map-notebook";
  place.addEventListener("keydown", keep);
  el.replaceChildren(place);
  const size = () => {
    place.style.height = `${model.get("height")}px`;
  };
  size();
  const { buffer, byteOffset, byteLength } = model.get("content"),
    packed = new Uint8Array(buffer.slice(byteOffset, byteOffset + byteLength)),
    explorer = await globalThis.embeddingExplorer.open(place, packed, {
      onSelection: (rows) => {
        model.set("selection", rows);
        model.save_changes();
      },
    }),
    follow = () => explorer?.selectPositions(model.get("selection"));
  follow();
  model.on("change:selection", follow);
  model.on("change:height", size);
  return () => {
    model.off("change:selection", follow);
    model.off("change:height", size);
    explorer?.dispose();
  };
}

export default { render };
