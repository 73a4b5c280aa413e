// What people said of a disputed part, as cards: without names and in random order, with their marked places on demand;
// and who said what, once it is decided.

import { RegionLayer } from "./region_layer.js";
import { figure, t, tn } from "./words.js";

const SIGNS = { OK: "✓", NG: "✕", UNSURE: "?" };
const LETTERS = "ABCDEFGH";

export function element(name, className = "", ...content) {
  const made = Object.assign(document.createElement(name), { className });
  made.append(...content);
  return made;
}

export function verdictWord(verdict) {
  return element("span", `said-word said-${verdict}`, `${SIGNS[verdict]} ${verdict}`);
}

export class Said {
  constructor({ cards, say, outcome, viewer }) {
    Object.assign(this, { cards, say, outcome, viewer, shown: -1 });
    this.layer = new RegionLayer(viewer.pane);
    this.layer.svg.classList.add("of-others");
    viewer.onMove(() => this.layer.place());
  }

  clear() {
    this.review = null;
    this.cards.replaceChildren();
    this.say.textContent = "";
    this.outcome.hidden = true;
    this.mark(-1);
  }

  show(review) {
    this.clear();
    this.review = review;
    const { answers, note } = review;
    this.say.textContent = note
      ? t("Passed on, because: {note}", { note })
      : t("In random order. Names and the AI come after your verdict.");
    this.cards.replaceChildren(...answers.map((answer, at) => this.card(answer, at)));
  }

  nameOf(code) {
    return this.review?.labels.find((label) => label.code === code)?.name || code;
  }

  card(answer, at) {
    const title = element("h3", "", t("Answer {letter}", { letter: LETTERS[at] || String(at + 1) }), verdictWord(answer.verdict));
    const card = element("article", "answer", title);
    if (answer.labels.length)
      card.append(element("ul", "", ...answer.labels.map((code) => element("li", "", this.nameOf(code)))));
    if (answer.regions.length) card.append(this.places(answer, at));
    return card;
  }

  places(answer, at) {
    const words = tn("{count} marked place", "{count} marked places", answer.regions.length);
    const button = element("button", "", words);
    Object.assign(button, { type: "button" });
    button.dataset.at = String(at);
    button.addEventListener("click", () => this.mark(this.shown === at ? -1 : at));
    return button;
  }

  /** Draw the places of answer number `at`, or of none. */
  mark(at) {
    const regions = this.review?.answers[at]?.regions || [];
    this.shown = regions.length ? at : -1;
    this.layer.draw(regions, { selected: -1, handle: -1, nameOf: (region) => this.nameOf(region.label) });
    for (const button of this.cards.querySelectorAll("button"))
      button.setAttribute("aria-pressed", String(Number(button.dataset.at) === this.shown));
  }

  /** Before the outcome is read it can be taken back, after that not any more. */
  decided(verdict, { onShow, onNext }) {
    this.outcome.replaceChildren(
      element("h3", "", `${t("You said")} `, verdictWord(verdict)),
      element("p", "small", t("Show who said what, or take it back: one of the two.")),
      act(t("Show who said what"), "Enter", onShow),
      act(t("Next part"), "N", onNext),
    );
    this.open();
  }

  reveal(found, { onNext }) {
    const lines = found.said.map(({ by, verdict, labels }) => {
      const names = labels.map((code) => this.nameOf(code)).join(", ");
      return element("li", "", `${by}: `, verdictWord(verdict), names ? ` (${names})` : "");
    });
    const link = element("a", "", t("Everything about this part"));
    link.href = `/items/${found.item}/`;
    this.outcome.replaceChildren(
      element("h3", "", t("Who said what")),
      element("ol", "", ...lines),
      this.ofTheAi(found),
      act(t("Next part"), "Enter", onNext),
      element("p", "small", link),
    );
    this.open();
  }

  /** Enter does what comes next, wherever somebody has clicked before. */
  open() {
    this.outcome.hidden = false;
    this.outcome.querySelector("button").focus();
  }

  ofTheAi({ opinion, score }) {
    if (!opinion) return element("p", "", t("The AI had not looked at it."));
    const sure = score === null ? "" : ` (${t("score {score}", { score: figure(score, 2) })})`;
    return element("p", "", `${t("The AI")}: `, verdictWord(opinion), sure);
  }
}

function act(words, key, onClick) {
  const button = element("button", "", element("kbd", "", key), words);
  button.type = "button";
  button.addEventListener("click", onClick);
  return button;
}
