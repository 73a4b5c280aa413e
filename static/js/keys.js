// Which key does what on the inspector's page. The picture's own keys come from the viewer.

const VERDICTS = { 1: "OK", o: "OK", 2: "NG", n: "NG", 3: "UNSURE", u: "UNSURE" };

export class Keys {
  /** `acts` holds what the keys do, by name. */
  constructor({ bench, marks, viewer, card, acts }) {
    Object.assign(this, { bench, marks, viewer, card, acts });
    document.addEventListener("keydown", (event) => this.onKey(event));
  }

  onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.target.closest("input:not([type=range]), textarea, select")) return;
    const key = event.key.toLowerCase();
    // While something is drawn its keys come first: Backspace takes a point away and not a verdict back.
    if (this.viewer.regions.active && this.viewer.onKey(key, event)) {
      event.preventDefault();
      return;
    }
    const act = this.actOf(key, event);
    if (act) {
      event.preventDefault();
      // A key held down by a heavy glove must not judge ten parts.
      if (!event.repeat) act();
    } else if (this.viewer.onKey(key, event)) event.preventDefault();
  }

  actOf(key, event) {
    if (VERDICTS[key]) return () => this.bench.judge(VERDICTS[key]);
    const chip = this.marks.ofKey(key);
    if (chip) return () => this.acts.toggle(chip);
    if (key === "enter") return this.enter(event);
    if (key === "h") return this.card.canToggle ? () => this.card.toggle() : null;
    return {
      0: this.acts.passOn,
      z: this.acts.undo,
      backspace: this.acts.undo,
      y: () => this.bench.accept(),
      x: () => this.bench.saidWrong(),
      i: this.acts.report,
      "?": this.acts.help,
      "/": this.acts.help,
      escape: this.acts.escape,
    }[key];
  }

  /** On a button Enter presses the button. */
  enter(event) {
    const onControl = event.target.closest("button, a, summary");
    return this.bench.phase === "revealed" && !onControl ? () => this.bench.keep() : null;
  }
}

/** Add the picture's keys to the list of keys. */
export function listKeys(list, keys) {
  for (const [key, words] of keys) {
    const line = document.createElement("div");
    const term = document.createElement("dt");
    const parts = key.split(" ").map((part) => (part.length > 1 ? part.replace(/,$/, "") : part));
    for (const part of parts) term.append(Object.assign(document.createElement("kbd"), { textContent: part }));
    line.append(term, Object.assign(document.createElement("dd"), { textContent: words }));
    list.append(line);
  }
}
