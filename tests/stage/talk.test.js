// The talk: a place marked on a scene, and how far a click is from the truth (placement_error in embeddings_core/analysis/questions.py).
import assert from "node:assert/strict";
import { test } from "node:test";
import { load, near, twins } from "./load.js";

const { column } = load(["values", "maths", "elements", "colours", "symbols", "film"], ["column"]);
const { Question, howToAnswer, marked, placeOf, stillMoments, unpacked } = load(
  twins.parts.talk,
  ["Question", "howToAnswer", "marked", "placeOf", "stillMoments", "unpacked"],
  { embeddingStage: { column } },
);
const sceneOf = (positions) => {
  const items = positions.map((_, row) => `item ${row}`),
    frames = Float32Array.from(positions.flat());
  return {
    scene: { items, keys: null, frameNames: ["now"], dimensions: 2, images: null, links: [] },
    frames: { getChild: () => ({ toArray: () => frames }) },
  };
};

test("a scene with one more row keeps the others where they are", () => {
  const { payload } = twins.films.morph,
    before = unpacked(payload),
    after = marked(before, [7, 8], "your guess", 1.7);
  assert.deepEqual(after.scene.items.at(-1), "your guess");
  for (let frame = 0; frame < 3; frame++) {
    near(placeOf(after, frame, 6), [7, 8]);
    for (let row = 0; row < 6; row++) near(placeOf(after, frame, row), placeOf(before, frame, row));
  }
  assert.deepEqual([after.groups.length, after.priority.length, after.sizes.length], [7, 7, 7]);
});

test("a click is judged as Python judges it", () => {
  const { positions, row, guesses } = twins.placements;
  for (const { point, share, nearer, of, sentence } of guesses) {
    const question = new Question(
      { scenes: [sceneOf(positions), sceneOf(positions)] },
      { kind: "land", question: "Where?", options: [], answer: row, why: "", rows: [], hidden: [row], asked: row },
    );
    question.point = point;
    near(question.miss.share, share, 1e-4);
    assert.deepEqual([question.miss.nearer, question.miss.of, question.verdict], [nearer, of, sentence]);
  }
});

test("who has no keys is told of no keys", () => {
  for (const given of [false, true])
    for (const map of [false, true]) {
      assert.doesNotMatch(howToAnswer({ given, map }, true), /→|↑|key|click/i);
      assert.match(howToAnswer({ given, map }, false), /→/);
    }
});

test("a choice is right or not", () => {
  const question = new Question(
    { scenes: [sceneOf([[0, 0]]), sceneOf([[0, 0]])] },
    { kind: "odd", question: "Which?", options: ["a", "b"], answer: 1, why: "", rows: [], hidden: [], asked: null },
  );
  assert.equal(question.verdict, "The answer: b.");
  question.choice = 0;
  assert.deepEqual([question.given, question.right, question.verdict], [true, false, "You said a; it is b."]);
  question.choice = 1;
  assert.deepEqual([question.right, question.verdict], [true, "Right: b."]);
});

test("stills are the key states that Python takes", () => {
  twins.stills.forEach((moments, at) => assert.deepEqual([...stillMoments(at + 1)], moments));
});
