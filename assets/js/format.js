/** Numbers and dates as people read them. */

const DATE = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const TIME = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });

/**
 * Format the day of a date.
 * @param {string | null} iso
 * @returns {string} empty if there is no date
 */
export const formatDay = (iso) => (iso ? DATE.format(new Date(iso)) : "");

/**
 * Format a point in time.
 * @param {string} iso
 * @returns {string} the time, and the day unless it is today
 */
export function formatMoment(iso) {
  const date = new Date(iso);
  const time = TIME.format(date);
  return date.toDateString() === new Date().toDateString()
    ? `today, ${time}`
    : `${DATE.format(date)}, ${time}`;
}

/**
 * Format the size of a file.
 * @param {number} bytes
 * @returns {string} "12 kB", "1.5 MB"
 */
export function formatBytes(bytes) {
  if (bytes < 1e6) return `${Math.max(1, Math.round(bytes / 1e3))} kB`;
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/**
 * Format a share in percent.
 * @param {number} share 0..1
 * @returns {string}
 */
export const formatPercent = (share) => `${Math.round(share * 100)} %`;

/**
 * Format a number of things.
 * @param {number} count
 * @param {string} singular
 * @param {string} [plural]
 * @returns {string} "1 photo", "3 photos"
 */
export const formatCount = (count, singular, plural = `${singular}s`) =>
  `${count} ${count === 1 ? singular : plural}`;

/**
 * Join words to a list.
 * @param {string[]} words
 * @returns {string} "a, b and c"
 */
export function joinWords(words) {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} and ${words[words.length - 1]}`;
}

/**
 * Format an English ordinal number.
 * @param {number} number
 * @returns {string} "1st", "2nd", …
 */
export function formatOrdinal(number) {
  const rest = number % 100;
  if (rest >= 11 && rest <= 13) return `${number}th`;
  return number + (["th", "st", "nd", "rd"][number % 10] || "th");
}

/**
 * Join notes to one text.
 * @param {string[]} notes without full stops
 * @returns {string}
 */
export const joinSentences = (notes) => notes.map((note) => `${note}.`).join(" ");
