// @ts-check
/* Scenes as a talk changes them: their columns unpacked, a marked place added. The stage's own code is used where it is
 * needed only, as it may come later than this. */

const MARK_KEY = "\x1fguess",
  MARK_GROUP = 8 * 5 + 3; // an x in the fourth colour

/** An element; see `make` in elements.js.
 * @type {EmbeddingStage["make"]} */
const build = (...parts) => globalThis.embeddingStage.make(...parts);

/** @type {(x: number, low: number, high: number) => number} */
const within = (x, low, high) => Math.min(high, Math.max(low, x));

/** A column in the shape in which the stage takes it.
 * @param {ArrayLike<number>} values @returns {Column} */
const packed = (values) => ({ getChild: () => ({ toArray: () => values }) });

/** The columns of a scene, one entry a row; frames (frames × rows × dimensions) whole.
 * @param {Payload} payload @returns {UnpackedScene} */
function unpacked({ scene, ...columns }) {
  /** @type {any} */
  const out = { scene };
  for (const [name, column] of Object.entries(columns)) if (isColumn(column)) out[name] = globalThis.embeddingStage.column(column);
  return out;
}

/** @param {any} value @returns {value is Column} */
const isColumn = (value) => Boolean(value?.base64 || value?.getChild);

/** The scene for the stage.
 * @param {UnpackedScene} unpackedScene @returns {Payload} */
function sent({ scene, ...columns }) {
  return { scene, ...Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, packed(values)])) };
}

/** The place of a row in one key state.
 * @param {UnpackedScene} unpackedScene @param {number} frame @param {number} row @returns {number[]} */
function placeOf({ scene, frames }, frame, row) {
  const at = (frame * scene.items.length + row) * scene.dimensions;
  return Array.from(frames.subarray(at, at + scene.dimensions));
}

/** The scene with one more row, at the same place in every key state.
 * @param {UnpackedScene} before @param {number[]} point @param {string} name @param {number} size @returns {UnpackedScene} */
function marked(before, point, name, size) {
  const { scene } = before,
    n = scene.items.length,
    d = scene.dimensions,
    count = scene.frameNames.length,
    frames = new Float32Array(count * (n + 1) * d);
  for (let frame = 0; frame < count; frame++) {
    frames.set(before.frames.subarray(frame * n * d, (frame + 1) * n * d), frame * (n + 1) * d);
    frames.set(point, (frame * (n + 1) + n) * d);
  }
  const out = { ...before, frames };
  if (before.values) out.values = Float32Array.from([...before.values, 1]);
  else out.groups = Int16Array.from([...(before.groups ?? new Int16Array(n)), MARK_GROUP]);
  out.priority = Float32Array.from([...(before.priority ?? new Float32Array(n)), 1e6]);
  out.sizes = Float32Array.from([...(before.sizes ?? new Float32Array(n).fill(1)), size]);
  if (before.frameGroups) {
    const groups = new Int16Array(count * (n + 1)).fill(MARK_GROUP);
    for (let frame = 0; frame < count; frame++)
      groups.set(before.frameGroups.subarray(frame * n, (frame + 1) * n), frame * (n + 1));
    out.frameGroups = groups;
  }
  out.scene = {
    ...scene,
    items: [...scene.items, name],
    keys: [...(scene.keys ?? scene.items), MARK_KEY],
    images: scene.images && [...scene.images, ""],
  };
  return out;
}
