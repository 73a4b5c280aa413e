// The defects that are marked on the part in hand: chips that are pressed, and regions where some were drawn.

export class Marks {
  constructor({ chips, regions }) {
    Object.assign(this, { chips, regions });
    regions.onChange = () => this.follow();
  }

  /** What goes out with a verdict. */
  answer() {
    const regions = this.regions.list;
    const labels = this.chips.filter(pressed).map((chip) => chip.dataset.label);
    return { labels: [...new Set([...labels, ...regions.map((region) => region.label)])], regions };
  }

  set(answer) {
    const labels = answer?.labels || [];
    for (const chip of this.chips) press(chip, labels.includes(chip.dataset.label));
    this.regions.set(answer?.regions || []);
  }

  clear() {
    for (const chip of this.chips) press(chip, false);
    this.regions.clear();
  }

  /** By a person's own hand, so that drawn places can be brought back. */
  takeAway() {
    for (const chip of this.chips) press(chip, false);
    if (this.regions.list.length) this.regions.change([], { selected: -1 });
  }

  toggle(chip) {
    press(chip, !pressed(chip));
    // What is drawn next is most likely what was named last.
    if (pressed(chip)) this.regions.choose(chip.dataset.label);
  }

  /** What is drawn is marked: a region's defect belongs to the verdict. */
  follow() {
    const drawn = new Set(this.regions.list.map((region) => region.label));
    for (const chip of this.chips) if (drawn.has(chip.dataset.label)) press(chip, true);
  }

  /** The chip of a key; undefined where the key marks nothing. */
  ofKey(key) {
    return key.length === 1 ? this.chips.find((chip) => chip.dataset.key === key) : undefined;
  }
}

function pressed(chip) {
  return chip.getAttribute("aria-pressed") === "true";
}

function press(chip, on) {
  chip.setAttribute("aria-pressed", String(on));
}
