/* Types that the stage's files share; the checker's alone (tsconfig.json), nothing of this is sent to a browser. */

/** Red, green and blue from 0 to 255. */
type Colour = number[];

/** x, y, z; or pixels from the left, pixels from the top, and the distance. */
type Point = number[] | Float32Array;

/** The look of the page around the stage. `ground` is the page's own colour, `background` that of points that stand back. */
interface Theme {
  dark: boolean;
  ground: Colour;
  text: Colour;
  accent: Colour;
  font: string;
  colours: Colour[];
  background: Colour;
}

type View = FlatView | OrbitView;

interface Timing {
  last: number;
  seconds: number;
  loop: boolean;
  flowing: boolean;
  times: number[] | null;
}

/** start, end and style; of an arc also weight, bend, category, and the weights of one that changes. */
type LinkValues = [
  start: number,
  end: number,
  style: "neighbour" | "dashed" | "path" | "arc",
  weight?: number,
  bend?: number,
  group?: number,
  weights?: number[],
];

/** A flat array: an Arrow table with one column "v" (in the app), or base64 (in an exported file). */
type Column =
  | (Uint16Array & { getChild?: undefined; base64?: undefined })
  | (Uint8Array & { getChild?: undefined; base64?: undefined })
  | { getChild(name: string): { toArray(): any }; base64?: undefined }
  | { base64: string; dtype: "float32" | "int16" | "uint16" | "uint8"; getChild?: undefined };

interface Payload {
  scene: SceneValues;
  frames?: Column;
  groups?: Column;
  frameGroups?: Column;
  values?: Column;
  sizes?: Column;
  priority?: Column;
  finer?: Column;
  /** Of very many points. */
  places?: Column;
  codes?: Column;
  names?: Column;
  height?: number;
}

/** What is said of very many points (embeddings_core/scenes/large.py). */
interface LargeValues {
  count: number;
  low: number[];
  step: number[];
  none: number;
  levels: number;
}
interface SceneValues {
  large?: LargeValues;
}

/** Places of very many points in the order in which they are drawn, a list a key state; their rows in that order; their outermost
 * places, [left, low, right, high] a state; and how many points lie round each of the first ones. */
interface ShuffledPlaces {
  order: Uint32Array;
  states: Uint16Array[];
  spans: number[][];
  crowding: Float32Array[];
}

/** From steps of a place to pixels: place × k + o, across and down. */
interface ScreenPlaces {
  kx: number;
  ox: number;
  ky: number;
  oy: number;
}

/** Between which key states very many points are, how far, and how they look: a dot's pixels across, four numbers a
 * code, and how many lie on the densest pixels. */
interface DensityMoment extends ScreenPlaces {
  leg: number;
  u: number;
  flowing: boolean;
  dot: number;
  colours: Uint8Array;
  most: number;
}

/** The pixels of a dot: where from its middle, how much of each it covers, and how much where it stands back. */
interface DotMask {
  where: Int32Array;
  cover: Uint8Array;
  faint: Uint8Array;
}

/** How many points one that was drawn stands for; how strong a single one is, and how many lie on the densest pixels. */
interface DensityTone {
  scale: number;
  single: number;
  most: number;
}

/** What adds very many points up. */
interface DensityLayer {
  begin(width: number, height: number): void;
  add(film: LargeFilm, from: number, to: number, moment: DensityMoment): void;
  tone(tone: DensityTone): void;
  show(): void;
}

interface Film extends Omit<SceneValues, "keys"> {
  keys: string[];
  /** The finer group of each row. */
  finer: Int16Array | null;
}

/** The box round all key states: centre, half its edges, and the largest of them. */
interface Box {
  centre: number[];
  half: number[];
  radius: number;
}

interface FrameSize {
  width: number;
  height: number;
  ratio: number;
}

/** A line of a label and where it stands on its sprite. */
interface SpriteRow {
  text: string;
  x: number;
  y: number;
  /** From the middle of the line down to what its letters stand on. */
  drop: number;
}

/** A painted label. */
interface Sprite {
  canvas: HTMLCanvasElement;
  width: number;
  height: number;
  rows: SpriteRow[];
  strong: boolean;
  ink?: Colour;
}

/** How large a label is, and what has been painted of it, by alignment. */
interface LabelShape {
  font: string;
  widths: number[];
  leading: number;
  width: number;
  height: number;
  line: number;
  painted: Map<string, Sprite>;
}

/** A label on the map: on which side of its point, in which of its forms, and how far it has faded in. */
interface ShownLabel {
  side: number;
  strong: boolean;
  form: number;
  alpha: number;
  target: number;
  /** Where it was painted last. */
  box?: number[];
}

/** What draws lines, rings and labels: on the GPU, on a canvas, or as SVG. */
interface Renderer {
  /** The canvas to draw pictures on, where there is one. */
  context: CanvasRenderingContext2D | null;
  begin(frame: FrameSize): void;
  line(x0: number, y0: number, x1: number, y1: number, width: number, colour: Colour, alpha: number, dash?: number[]): void;
  ring(x: number, y: number, radius: number, width: number, colour: Colour, alpha: number, box?: number[] | null): void;
  sprite(sprite: Sprite, x: number, y: number, alpha: number): void;
  flush(): void;
}

/** Key states (states, n, 3), colours from and to (n, 4), forms (n, 3): diameter from and to, symbol. */
interface PointArrays {
  positions: Float32Array;
  n: number;
  from: Uint8Array;
  to: Uint8Array;
  form: Float32Array;
}

/** A moment of the points: between which key states, how far, seen from where. */
interface Moment {
  leg: number;
  u: number;
  fade: number;
  flowing: boolean;
  matrix: Float32Array;
  distance: number;
  ratio: number;
  theme: Theme;
}
interface PaintedMoment extends Moment {
  edge: Colour;
  halo: number;
}

/** The way from one scene to the next: two key states of all points that come, stay or go. */
interface Segment {
  n: number;
  positions: Float32Array;
  from: Uint8Array;
  into: Uint8Array;
  form: Float32Array;
  arrive: Uint8Array;
  travels: boolean;
  views: [View, View];
  finalView: View;
  plays: boolean;
  t: number;
  seconds: number;
}

/** A click on a point, or on a place of a map that asks for one. */
interface StageClick {
  id: string;
  row?: number;
  key?: string;
  frame?: number;
  point?: number[];
}
/** The rows that a hand encircled; of very many points one bit each in base64, the lowest row first, and how many they are. */
interface StageSelection {
  id: string;
  rows?: number[];
  bits?: string;
  count?: number;
}
interface StageOptions {
  onClick?: (click: StageClick) => void;
  onSelect?: (selection: StageSelection) => void;
  saveFilm?: (() => void) | null;
  /** A flat map that is panned and zoomed without Plotly. */
  flat?: boolean;
  /** Categories can be hidden by their key, and the stage sees to it. */
  hides?: boolean;
  /** The same where others see to it (`Stage.hidden`); called when one was, or came back. */
  onHide?: (group: number) => void;
  onHover?: (row: number | null) => void;
  /** What is said of a row under the pointer, below its name. */
  tell?: (row: number) => string;
  /** What a row under the pointer is called, where its label on the map is shorter. */
  name?: (row: number) => string;
  /** How many rows a category has, for its key. */
  count?: (group: number) => string;
}

/** The part of Plotly that is used (https://plotly.com/javascript/plotlyjs-function-reference/). */
interface PlotlyProgram {
  react(element: Element, data: object[], layout: object, config: object): Promise<unknown>;
  relayout(element: Element, change: object): Promise<unknown>;
  purge(element: Element): void;
}

interface PlotElement extends HTMLElement {
  on(event: string, run: () => void): void;
  _fullLayout?: any;
}

interface Window {
  Plotly?: PlotlyProgram;
}

interface EmbeddingStage {
  mount: typeof mountStage;
  unmount: typeof unmountStage;
  project: typeof project;
  make: typeof make;
  column: typeof column;
  labelForms: typeof labelForms;
}
declare var embeddingStage: EmbeddingStage;

/* ---- the talk ---------------------------------------------------------------------------------------------- */

/** A scene with its columns as typed arrays. */
interface UnpackedScene {
  scene: SceneValues;
  frames: Float32Array;
  groups?: Int16Array;
  frameGroups?: Int16Array;
  values?: Float32Array;
  sizes?: Float32Array;
  priority?: Float32Array;
  finer?: Int16Array;
}

/** What a slide asks (`guess_words` in embeddings_core/talks/slides.py). */
interface QuestionValues {
  kind: string;
  question: string;
  options: string[];
  answer: number;
  why: string;
  rows: number[];
  hidden: number[];
  asked: number | null;
}
interface Question extends QuestionValues {}

/** A slide as the player takes it (`slide_words` there); `names` say which pictures it shows. */
interface TalkSlide {
  sentence: string;
  asking: string;
  notes: string;
  link: string;
  stops: [scene: number, frame: number][];
  factsTitle: string;
  aside: string;
  guess: QuestionValues | null;
  facts: [name: string, value: string, share: number | null, step: number][];
  scenes: Payload[];
  names?: string[];
  ask?: Question;
  prepared?: boolean;
}
interface TalkData {
  title: string;
  slides: TalkSlide[];
}
interface TalkOptions {
  live?: boolean;
  presenting?: boolean;
  pages?: string[] | null;
  slide?: number;
  onShown?: ((at: number) => void) | null;
}
declare var embeddingTalk: { mount: typeof mountTalk; unmount: typeof unmountTalk };

/* ---- the small parts of a page (pages/_ui/components.py) ------------------------------------------------------ */

/** What Streamlit hands to a component. */
interface Component<Data> {
  data: Data;
  parentElement: HTMLElement;
  setTriggerValue(name: string, value: unknown): void;
}

interface RankedRow {
  label: string;
  score: string;
  note: string;
  length: number | null;
  hint?: string;
  faint?: boolean;
  image?: string;
}
interface Ranking {
  rows: RankedRow[];
  film: string;
  delay: number;
  step: number;
  numbered: boolean;
}

/** `right` is null while the question is open. */
interface Options {
  options: string[];
  images: string[];
  right: number | null;
  chosen: number | null;
}

interface Filmstrip {
  scenes: { key: string; caption: string; about: string; thumbnail: string }[];
  chosen: string;
}

/** A draft as it is listed in the browser; `digest` names its content. */
interface DraftRow {
  name: string;
  digest: string;
  scenes: number;
  when: number;
  about?: string;
}

/** `talk` is the file; "" where it was sent on another page, null where it cannot be kept, undefined where drafts are offered. */
interface Draft {
  name: string;
  digest: string;
  scenes: number;
  talk?: string | null;
  about?: string;
  opened: string[];
  edited?: boolean;
  resume?: boolean;
}
declare var embeddingDraft: { mark: string; done: boolean; off: boolean; asked?: string; resumed?: boolean } | undefined;
declare var embeddingSteps: boolean | undefined;
declare var embeddingGround: string | undefined;
declare var embeddingDrops: Component<{ most: number }> | undefined;

/* ---- a map of a table that is explored (embeddings_core/export/packed_map.py) ----------------------------------- */

type MapArray = Float32Array | Float64Array | Uint8Array | Uint16Array | Int32Array;

/** A column: its cells as text, as numbers of different `values` ("codes N" among the arrays), or as numbers ("numbers N"). `scale`
 * is how it colours, if it does. */
interface MapColumn {
  name: string;
  kind: "text" | "number" | "date" | "picture";
  scale: "categories" | "ramp" | "";
  cells?: string[];
  values?: string[];
}
interface MapHeader {
  title: string;
  /** What is to be known: how many rows are drawn, what was left out. */
  told: string;
  scene: SceneValues;
  columns: MapColumn[];
  /** The column that names rows; -1 where none does. */
  naming: number;
  /** Whether names stand on the map, and not under the pointer only. */
  named: boolean;
  /** The column that colours at first; -1 where none does. */
  colour: number;
  /** How neighbours were found, for the card of a row. */
  nearness: string;
  arrays: { name: string; dtype: "float32" | "float64" | "uint8" | "uint16" | "int32"; offset: number; length: number }[];
}
interface ExplorerOptions {
  /** Called with the positions of the selected rows in the table that the map was made of. */
  onSelection?: (rows: number[]) => void;
}
declare var embeddingExplorer: {
  open: typeof openExplorer;
  bytesOf: typeof bytesOf;
};

/** What anywidget hands to a widget's module. */
interface MapModel {
  get(name: "content"): { buffer: ArrayBuffer; byteOffset: number; byteLength: number };
  get(name: "selection"): number[];
  get(name: "height"): number;
  set(name: "selection", value: number[]): void;
  save_changes(): void;
  on(event: string, run: () => void): void;
  off(event: string, run: () => void): void;
}
interface MapView {
  model: MapModel;
  el: HTMLElement;
}
