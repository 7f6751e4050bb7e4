// @ts-check
/* The map in a notebook, as an anywidget module; Python puts it behind the files of the map (embeddings_core/export/map_html.py). */

/** @param {MapView} view */
async function render({ model, el }) {
  el.classList.add("map-notebook");
  el.style.height = `${model.get("height")}px`;
  const { buffer, byteOffset, byteLength } = model.get("content"),
    explorer = await globalThis.embeddingExplorer.open(el, new Uint8Array(buffer.slice(byteOffset, byteOffset + byteLength)), {
      onSelection: (rows) => {
        model.set("selection", rows);
        model.save_changes();
      },
    }),
    follow = () => explorer?.selectPositions(model.get("selection"));
  follow();
  model.on("change:selection", follow);
  return () => {
    model.off("change:selection", follow);
    explorer?.dispose();
  };
}

export default { render };
