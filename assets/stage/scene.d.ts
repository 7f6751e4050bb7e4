/* What Python says about a scene in plain values (`scene_payload`); written by python -m embeddings_core.rebuild.stage_values. */
interface SceneValues {
  id: string;
  items: string[];
  keys: string[] | null;
  groupNames: string[];
  finerNames: string[];
  valuesTitle: string;
  selected: number | null;
  highlighted: number[];
  notes: string[];
  frameNames: string[];
  kind: "recorded" | "morph" | "still";
  trails: number[];
  series: [string, (number | null)[]][];
  times: number[] | null;
  seconds: number;
  autoplay: boolean;
  loop: boolean;
  title: string;
  alt: string;
  caption: string;
  links: LinkValues[];
  images: string[] | null;
  frameImages: [number, string[]][];
  question: "" | "place";
  metadata: [string, string][];
  dimensions: number;
}
