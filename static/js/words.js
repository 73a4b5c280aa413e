// Words and figures on the page in the language of the person; the frame loads the list of words before any module.

const language = document.documentElement.lang || "en";

function filled(said, values) {
  return said.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** `text` in the person's language, with each {name} replaced from `values`. */
export function t(text, values = {}) {
  return filled(typeof window.gettext === "function" ? window.gettext(text) : text, values);
}

/** `one` or `many` by `count`, which both may name as {count}. */
export function tn(one, many, count, values = {}) {
  const own = count === 1 ? one : many;
  const said = typeof window.ngettext === "function" ? window.ngettext(one, many, count) : own;
  return filled(said, { count: figure(count), ...values });
}

/** A number as the person writes it, with so many places behind the point; thousands stand apart by a narrow space. */
export function figure(value, places = 0) {
  const parts = new Intl.NumberFormat(language, {
    minimumFractionDigits: places,
    maximumFractionDigits: places,
  }).formatToParts(value);
  return parts.map((part) => (part.type === "group" ? "\u202f" : part.value)).join("");
}
