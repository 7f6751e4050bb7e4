// @ts-check
/* The rows of an explorable map, as Python packed them (embeddings_core/export/packed_map.py): one gzip stream that holds a
 * header in JSON and flat arrays behind it. */

const HEADS = { float32: Float32Array, float64: Float64Array, uint8: Uint8Array, uint16: Uint16Array, int32: Int32Array };
const NAME = 60; // characters of a row's name on the map
const RUN_BY_SPREADSHEETS = /^'*[=+\-@\t\r]/; // as `guarded` in embeddings_core/spaces/texts.py

/** The bytes that base64 stands for.
 * @param {string} text */
function bytesOf(text) {
  const letters = atob(text),
    bytes = new Uint8Array(letters.length);
  for (let i = 0; i < letters.length; i++) bytes[i] = letters.charCodeAt(i);
  return bytes;
}

/** Unpack a map; throws a sentence where the browser can not.
 * @param {Uint8Array<ArrayBuffer>} packed */
async function unpackMap(packed) {
  if (typeof DecompressionStream === "undefined")
    throw new Error("This browser can not unpack the map. Open the file in a browser of 2023 or later.");
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return readMap(await new Response(stream).arrayBuffer());
}

/** Read what was unpacked: four bytes with the length of the header, the header, then the arrays, each on a multiple of eight.
 * @param {ArrayBuffer} whole */
function readMap(whole) {
  const length = new DataView(whole).getUint32(0, true),
    /** @type {MapHeader} */
    header = JSON.parse(new TextDecoder().decode(new Uint8Array(whole, 4, length))),
    begin = Math.ceil((4 + length) / 8) * 8;
  /** @type {Record<string, MapArray>} */
  const arrays = {};
  for (const { name, dtype, offset, length } of header.arrays) arrays[name] = new HEADS[dtype](whole, begin + offset, length);
  return new MapRows(header, arrays);
}

/** The rows that are drawn, with the cells of every column. */
class MapRows {
  /** What `search` looks at, in small letters; made at the first search.
   * @type {string[] | null} */
  searched = null;

  /** @param {MapHeader} header @param {Record<string, MapArray>} arrays */
  constructor(header, arrays) {
    this.header = header;
    this.columns = header.columns;
    this.arrays = arrays;
    /** Where each row stands in the table that it came from. */
    this.rows = arrays.rows;
    this.n = this.rows.length;
    this.k = this.n ? arrays.near.length / this.n : 0;
  }

  /** The numbers of a column; dates in seconds since 1970; NaN where a cell is empty.
   * @param {number} at */
  numbers(at) {
    return this.arrays[`numbers ${at}`];
  }

  /** A cell as it is read; "" where it is empty.
   * @param {number} at @param {number} row */
  text(at, row) {
    const { kind, cells, values } = this.columns[at];
    if (cells) return cells[row];
    if (values) return values[this.arrays[`codes ${at}`][row]];
    const number = this.numbers(at)[row];
    return Number.isNaN(number) ? "" : kind === "date" ? dateText(number) : numberText(number);
  }

  /** What a row is called on the map: its text, cut; its number where it has none.
   * @param {number} row */
  name(row, most = NAME) {
    const { naming } = this.header,
      flat = naming < 0 ? "" : this.text(naming, row).replace(/\s+/g, " ").trim();
    return (flat.length <= most ? flat : `${flat.slice(0, most - 1)}…`) || `row ${(this.rows[row] + 1).toLocaleString("en")}`;
  }

  /** The rows nearest to a row in the original space, the nearest first, with their cosine (NaN where nearness is no cosine).
   * @param {number} row @returns {[row: number, cosine: number][]} */
  near(row) {
    const { near, cosines } = this.arrays,
      from = row * this.k;
    return Array.from({ length: this.k }, (_, i) => [near[from + i], cosines ? cosines[from + i] / 255 : NaN]);
  }

  /** The rows as CSV with a byte order mark: what a spreadsheet would run is guarded, line breaks in cells become blanks.
   * @param {Iterable<number>} rows */
  csv(rows) {
    const lines = [this.columns.map(({ name }) => csvCell(safeCell(name))).join(",")];
    for (const row of rows)
      lines.push(
        this.columns
          .map(({ kind }, at) => {
            if (kind !== "number") return csvCell(safeCell(this.text(at, row)));
            const number = this.numbers(at)[row];
            return Number.isNaN(number) ? "" : String(number);
          })
          .join(","),
      );
    return `\ufeff${lines.join("\n")}\n`;
  }
}

/** A number as people write it, as `number_text` in embeddings_core/tables/table.py.
 * @param {number} value */
const numberText = (value) =>
  Number.isInteger(value) && Math.abs(value) < 1e15 ? String(value) : String(Number(value.toPrecision(10)));

/** A moment, without its time where that is midnight.
 * @param {number} seconds */
function dateText(seconds) {
  const moment = new Date(seconds * 1000);
  return Number.isNaN(moment.getTime()) ? "" : moment.toISOString().slice(0, 19).replace("T", " ").replace(" 00:00:00", "");
}

/** Text on one line that a spreadsheet shows instead of running it.
 * @param {string} text */
const safeCell = (text) => (RUN_BY_SPREADSHEETS.test(text) ? `'${text}` : text).replace(/[\t\n\r]/g, " ");

/** @param {string} text */
const csvCell = (text) => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
