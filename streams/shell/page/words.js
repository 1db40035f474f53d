// Numbers, places and states as people write them.

export const STATUSES = ["planned", "deployed", "withdrawn"];

const thousands = new Intl.NumberFormat("en");
const countries = new Intl.DisplayNames("en", { type: "region", fallback: "code" });
const ROUGHLY = /[\u0300-\u036f]/g;

/** A count of persons; a dash is unknown, not zero. */
export const count = (number) => (number === null || number === undefined ? "–" : thousands.format(number));

/** An estimate with its range, such as `1,650 (1,600 to 1,650)`; an open bound is said in words. */
export function estimate(cell) {
  if (!cell) return "–";
  const { low, best, high } = cell;
  if (low === best && high === best) return count(best);
  if (low === null && high === null) return `about ${count(best)}`;
  if (high === null) return `${count(best)} (${count(low)} or more)`;
  if (low === null) return `${count(best)} (at most ${count(high)})`;
  return `${count(best)} (${count(low)} to ${count(high)})`;
}

/** What a report states: one number, a range, or an open one. */
export function stated(low, high) {
  if (low === null && high === null) return "no number";
  if (low === high) return count(low);
  if (high === null) return `at least ${count(low)}`;
  if (low === null) return `at most ${count(high)}`;
  return `${count(low)} to ${count(high)}`;
}

export const forceName = (category) => category.replaceAll("_", " ");

export function countryName(code) {
  if (!/^[A-Z]{2}$/.test(code ?? "")) return code ?? "";
  return countries.of(code) ?? code;
}

/** A name without case and accents, to compare what people type. */
export const folded = (text) => text.normalize("NFD").replace(ROUGHLY, "").toLowerCase().trim();

/** Seconds as `40 s`, `3 min` or `2 h`. */
export function duration(seconds) {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3600)} h`;
}

/** A moment in UTC, to the minute: readers of one figure sit in many time zones. */
export const moment = (iso) => (iso ? `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC` : "");

/** The pieces of a quote, `marked` where the words that state the number stand. */
export function marked(quote, words) {
  const at = words ? wholeWords(quote, words) : -1;
  if (at < 0) return [{ text: quote, marked: false }];
  return [
    { text: quote.slice(0, at), marked: false },
    { text: words, marked: true },
    { text: quote.slice(at + words.length), marked: false },
  ].filter((piece) => piece.text !== "");
}

/** Where the words stand by themselves: `500` is not found in `1,500`. */
function wholeWords(quote, words) {
  const inWord = /[\p{L}\p{N}]/u;
  for (let at = quote.indexOf(words); at >= 0; at = quote.indexOf(words, at + 1)) {
    const before = quote.slice(Math.max(0, at - 2), at);
    const after = quote.slice(at + words.length, at + words.length + 2);
    const glued = inWord.test(before.slice(-1)) || /\d[.,]$/.test(before) || inWord.test(after[0] ?? "") || /^[.,]\d/.test(after);
    if (!glued) return at;
  }
  return -1;
}
