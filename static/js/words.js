// Words on the page in the language of the person; the catalogue is loaded by the frame before any module runs.

/** `text` in the person's language, with each {name} replaced from `values`. */
export function t(text, values = {}) {
  const said = typeof window.gettext === "function" ? window.gettext(text) : text;
  return said.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}
