import assert from "node:assert/strict";
import { test } from "node:test";
import {
  formatBytes,
  formatCount,
  formatDay,
  formatMoment,
  formatOrdinal,
  formatPercent,
  joinSentences,
  joinWords,
} from "../../assets/js/format.js";

test("bytes are kB below a million, and never 0 kB", () => {
  assert.equal(formatBytes(0), "1 kB");
  assert.equal(formatBytes(1499), "1 kB");
  assert.equal(formatBytes(999_999), "1000 kB");
  assert.equal(formatBytes(1_000_000), "1.0 MB");
  assert.equal(formatBytes(12_345_678), "12.3 MB");
});

test("percent are rounded", () => {
  assert.deepEqual([0, 0.004, 0.005, 1].map(formatPercent), ["0 %", "0 %", "1 %", "100 %"]);
});

test("one is singular, all else is plural", () => {
  assert.deepEqual(
    [0, 1, 2].map((count) => formatCount(count, "photo")),
    ["0 photos", "1 photo", "2 photos"],
  );
  assert.equal(formatCount(2, "copy", "copies"), "2 copies");
});

test("words are joined as a sentence has them", () => {
  assert.equal(joinWords([]), "");
  assert.equal(joinWords(["a"]), "a");
  assert.equal(joinWords(["a", "b"]), "a and b");
  assert.equal(joinWords(["a", "b", "c"]), "a, b and c");
});

test("ordinals, with the exceptions from 11 to 13", () => {
  const ordinals = [1, 2, 3, 4, 10, 11, 12, 13, 21, 101, 111, 112, 122].map(formatOrdinal);
  const expected = "1st 2nd 3rd 4th 10th 11th 12th 13th 21st 101st 111th 112th 122nd";
  assert.equal(ordinals.join(" "), expected);
});

test("notes become sentences", () => {
  assert.equal(joinSentences([]), "");
  assert.equal(joinSentences(["One", "Two"]), "One. Two.");
});

test("a day without a date is empty", () => {
  assert.equal(formatDay(null), "");
  assert.match(formatDay("2024-05-17T12:00:00Z"), /17/);
});

test("a moment has the day unless it is today", () => {
  assert.match(formatMoment(new Date().toISOString()), /^today, /);
  assert.doesNotMatch(formatMoment("2024-05-17T12:00:00Z"), /today/);
});
