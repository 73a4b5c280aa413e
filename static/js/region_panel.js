// The words round marked places: their list, the defect that the next one carries, what can be done, what to do now.

import { t } from "./words.js";

export class RegionPanel {
  constructor({ controls, regions }) {
    this.regions = regions;
    this.controls = controls;
    const find = (name) => controls.querySelector(`[data-region-${name}]`);
    this.select = find("label");
    this.rows = find("list");
    this.empty = find("empty");
    this.count = find("count");
    this.line = find("say");
    this.tools = [...controls.querySelectorAll("[data-draw]")];
    this.acts = Object.fromEntries(
      [...controls.querySelectorAll("[data-region-act]")].map((button) => [button.dataset.regionAct, button]),
    );
    this.names = new Map([...(this.select?.options ?? [])].map((option) => [option.value, option.textContent]));
    this.listen();
  }

  listen() {
    const { regions } = this;
    for (const tool of this.tools) tool.addEventListener("click", () => regions.onTool(tool.dataset.draw === "box" ? "j" : "k"));
    this.select?.addEventListener("change", () => regions.relabel(this.select.value));
    for (const [name, button] of Object.entries(this.acts)) button.addEventListener("click", () => regions[name]());
    this.rows?.addEventListener("click", (event) => {
      const row = event.target.closest("button");
      if (row) regions.select(Number(row.dataset.at));
    });
  }

  /** The code of the defect that the next place carries; empty where the job knows no defects. */
  get label() {
    return this.select?.value ?? "";
  }

  choose(code, name = "") {
    if (name && !this.names.has(code)) this.names.set(code, name);
    if (code && this.select && this.names.has(code)) this.select.value = code;
  }

  nameOf(code) {
    return this.names.get(code) ?? code;
  }

  words({ kind, label }, at) {
    const values = { number: at + 1, name: this.nameOf(label) };
    return kind === "box" ? t("{number} {name}, box", values) : t("{number} {name}, outline", values);
  }

  say(words) {
    this.line.textContent = words;
    this.line.hidden = !words;
  }

  show() {
    if (!this.select) return;
    const { regions, selected, drawing, past, future } = this.regions;
    this.count.textContent = regions.length ? String(regions.length) : "";
    this.empty.hidden = regions.length > 0;
    for (const tool of this.tools)
      tool.setAttribute("aria-pressed", String(drawing.active && drawing.kind === tool.dataset.draw));
    this.acts.undo.disabled = !past.length;
    this.acts.redo.disabled = !future.length;
    this.acts.remove.disabled = selected < 0;
    this.showRows(regions, selected);
  }

  /** Rows are kept where they are: what has the focus would lose it with its row. */
  showRows(regions, selected) {
    while (this.rows.children.length > regions.length) this.rows.lastElementChild.remove();
    regions.forEach((region, at) => {
      const row = this.rows.children[at] ?? this.addRow(at);
      const button = row.firstElementChild;
      const words = this.words(region, at);
      if (button.textContent !== words) button.textContent = words;
      button.setAttribute("aria-pressed", String(at === selected));
    });
  }

  addRow(at) {
    const row = document.createElement("li");
    const button = Object.assign(document.createElement("button"), { type: "button" });
    button.dataset.at = String(at);
    row.append(button);
    this.rows.append(row);
    return row;
  }
}
