// Pictures dropped on a page: sent one by one, each with its own progress and its own answer.

import { upload } from "./api.js";
import { figure, t } from "./words.js";

const AT_ONCE = 2;

/** A list of files on their way. `target()` gives `{url, fields}` when sending begins; `onTaken(answer)` per part. */
export class Uploads {
  constructor({ list, sum, target, onTaken = () => {} }) {
    Object.assign(this, { list, sum, target, onTaken });
    this.waiting = [];
    this.running = 0;
    this.counts = { files: 0, taken: 0, known: 0, refused: 0 };
    this.begun = 0;
  }

  add(files) {
    for (const file of files) {
      this.counts.files += 1;
      this.waiting.push({ file, row: this.row(file) });
    }
    this.tell();
  }

  start() {
    this.begun = this.begun || performance.now();
    while (this.running < AT_ONCE && this.waiting.length) this.send(this.waiting.shift());
  }

  async send({ file, row }) {
    this.running += 1;
    const { url, fields } = this.target();
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) if (value) form.append(name, value);
    form.append("picture", file);
    try {
      const answer = await upload(url, form, { onProgress: (share) => (row.progress.value = share) });
      row.progress.value = 1;
      const { created, serial } = answer;
      if (created) this.settle(row, "taken", t("part {serial}", { serial }));
      else this.settle(row, "known", t("known already: part {serial}", { serial }));
      this.onTaken(answer);
    } catch (error) {
      this.settle(row, "refused", t("refused: {why}", { why: error.message }));
    }
    this.running -= 1;
    this.tell();
    this.start();
  }

  settle(row, state, words) {
    this.counts[state] += 1;
    row.item.dataset.state = state;
    row.said.textContent = words;
    // What was refused stands on top: of five hundred lines nobody scrolls to the one that matters.
    if (state === "refused") this.list.prepend(row.item);
  }

  row(file) {
    const item = document.createElement("li");
    const name = document.createElement("span");
    const progress = document.createElement("progress");
    const said = document.createElement("span");
    item.className = "file";
    name.className = "file-name";
    name.textContent = file.name;
    said.className = "file-said";
    said.textContent = t("waits");
    progress.max = 1;
    progress.value = 0;
    progress.setAttribute("aria-label", t("Progress of {name}", { name: file.name }));
    item.append(name, progress, said);
    this.list.append(item);
    return { item, progress, said };
  }

  get left() {
    return this.waiting.length + this.running;
  }

  tell() {
    const { files, taken, known, refused } = this.counts;
    const done = taken + known + refused;
    const words = [t("{done} of {files} pictures", { done, files }), t("{taken} taken in", { taken })];
    if (known) words.push(t("{known} known already", { known }));
    if (refused) words.push(t("{refused} refused, the others are kept", { refused }));
    if (this.begun && this.left && done) words.push(this.timeLeft(done));
    this.sum.textContent = `${words.join(" · ")}.`;
  }

  timeLeft(done) {
    const rate = (1000 * done) / (performance.now() - this.begun);
    return t("{rate} a second, {seconds} s left", { rate: figure(rate, 1), seconds: Math.ceil(this.left / rate) });
  }
}

/** Lets files be dropped on `drop` or chosen with `input`. */
export function onFiles({ drop, input, take }) {
  input.addEventListener("change", () => {
    take([...input.files]);
    input.value = "";
  });
  for (const kind of ["dragenter", "dragover"])
    drop.addEventListener(kind, (event) => {
      event.preventDefault();
      drop.dataset.over = "true";
    });
  for (const kind of ["dragleave", "drop"]) drop.addEventListener(kind, () => (drop.dataset.over = "false"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    take([...event.dataTransfer.files]);
  });
  // A picture that misses the field must not replace the page.
  window.addEventListener("dragover", (event) => event.preventDefault());
  window.addEventListener("drop", (event) => event.preventDefault());
}
