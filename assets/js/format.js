/** Numbers and dates as people read them. */

const DATE = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const TIME = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });

/** @param {string | null} iso */
export const day = (iso) => (iso ? DATE.format(new Date(iso)) : "");

/**
 * @param {string} iso
 * @returns {string} the time, and the day unless it is today
 */
export function moment(iso) {
  const date = new Date(iso);
  const time = TIME.format(date);
  return date.toDateString() === new Date().toDateString() ? `today, ${time}` : `${DATE.format(date)}, ${time}`;
}

/**
 * @param {number} bytes
 * @returns {string}
 */
export function size(bytes) {
  if (bytes < 1e6) return `${Math.max(1, Math.round(bytes / 1e3))} kB`;
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/**
 * @param {number} share 0..1
 * @returns {string}
 */
export const percent = (share) => `${Math.round(share * 100)} %`;

/**
 * @param {number} count
 * @param {string} one
 * @param {string} [many]
 * @returns {string} "1 photo", "3 photos"
 */
export const plural = (count, one, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;

/**
 * @param {string[]} words
 * @returns {string} "a, b and c"
 */
export function listing(words) {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} and ${words[words.length - 1]}`;
}

/**
 * @param {number} place 1 is next
 * @returns {string} "1st", "2nd", …
 */
export function ordinal(place) {
  const rest = place % 100;
  if (rest >= 11 && rest <= 13) return `${place}th`;
  return place + ({ 1: "st", 2: "nd", 3: "rd" }[place % 10] || "th");
}

/**
 * @param {string[]} notes without full stops
 * @returns {string}
 */
export const sentences = (notes) => notes.map((note) => `${note}.`).join(" ");
