// What the page says and which of its buttons can be pressed.

import { t } from "./words.js";

const FACTS = ["serial", "lot", "station", "shift"];

export class Face {
  constructor({ find, judges }) {
    Object.assign(this, { find, judges });
  }

  say(words) {
    this.find("say").textContent = words;
  }

  /** Something went otherwise than the inspector meant: it stays until the next key. */
  warn(words) {
    this.find("notice").textContent = words;
  }

  facts(review) {
    for (const name of FACTS) this.find(name).textContent = review?.[name] || "–";
    this.find("report-part").textContent = review ? t("It is about part {serial}", { serial: review.serial }) : "";
    this.find("report-with-part").closest("label").hidden = !review;
  }

  phase(phase, { first, wrong }) {
    const open = phase === "judging" || phase === "revealed";
    const stood = document.activeElement;
    for (const judge of this.judges) {
      judge.disabled = !(open || (phase === "broken" && judge.dataset.verdict === "UNSURE"));
      judge.setAttribute("aria-pressed", String(phase === "revealed" && judge.dataset.verdict === first?.verdict));
    }
    // In a study nobody passes a part on, and there is no hint to accept.
    if (this.find("pass-on")) this.find("pass-on").disabled = !(open || phase === "broken");
    for (const wish of ["accept", "wrong"]) if (this.find(wish)) this.find(wish).disabled = !open;
    this.find("wrong")?.setAttribute("aria-pressed", String(wrong));
    this.keepFocus(stood);
  }

  /** Who goes from button to button by the Tab key must not start at the top for each part. */
  keepFocus(stood) {
    if (this.judges.includes(stood) && stood.disabled) this.left = stood;
    else if (this.left && !this.left.disabled && document.activeElement === document.body) {
      this.left.focus();
      this.left = null;
    }
  }

  canUndo(can) {
    this.find("undo").disabled = !can;
  }

  /** One more or less judged today. */
  count(change) {
    const count = this.find("count");
    count.textContent = String(Math.max(0, Number(count.textContent) + change));
  }
}
