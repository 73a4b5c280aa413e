// The bench in a study: parts come trial by trial, without a hint, and nobody passes one on.

import { Problem, post } from "./api.js";
import { Bench } from "./bench.js";
import { Face } from "./face.js";
import { t } from "./words.js";

const API = "/api/v1";
// What the bench calls a verdict is a reading here.
const VERBS = { verdict: "reading", undo: "undo" };

/** Stands where the hint would: there is none. */
export const NO_CARD = { show() {}, clear() {}, toggle() {}, canToggle: false };

export class StudyBench extends Bench {
  constructor({ study, ...others }) {
    // Under a name of its own: what is judged here does not count among the parts of today.
    super({ ...others, job: `study-${study}` });
    Object.assign(this, { study, progress: null, over: "" });
  }

  address(review, verb) {
    return `${API}/studies/turns/${review.id}/${VERBS[verb]}/`;
  }

  async topUp() {
    if (!this.over) await super.topUp();
  }

  async ask(hold) {
    const { progress, turns } = await post(`${API}/studies/${this.study}/next/`, { hold }, { person: this.person });
    this.progress = progress;
    return turns.map((turn) => this.asReview(turn));
  }

  asReview(turn) {
    const { parts, trials } = this.progress;
    return { ...turn, parts, trials, serial: String(turn.place), hint: null, commit_first: false, committed: null };
  }

  heading(review) {
    const { place, trial, trials } = review;
    if (place === 1 && trial > 1 && !review.before)
      return t("Trial {trial} of {trials} begins: the same parts in another order.", { trial, trials });
    return super.heading(review);
  }

  nothing() {
    const { through, parts, trials } = this.progress;
    if (!through) return t("Kept. Fetching the next part …");
    return t("You are through: {parts} parts, {trials} times. Thank you, there is nothing left to do here.", { parts, trials });
  }

  notReached(error) {
    if (error instanceof Problem && [404, 409].includes(error.status)) this.end(error.message);
    else super.notReached(error);
  }

  /** The study was closed while the page lay open. What is unsent is tried once more and then said. */
  end(words) {
    this.over = words;
    this.viewer.clear();
    this.shown = null;
    this.face.facts(null);
    this.go("loading");
    this.face.say(words);
  }

  // Turns are nobody else's: there is no lease to renew and nothing to give back.
  async heartbeat() {}

  async leave() {
    await this.written;
  }
}

export class StudyFace extends Face {
  facts(review) {
    const { trial, trials, place, parts } = review || {};
    this.find("trial").textContent = review ? t("Trial {trial} of {trials}", { trial, trials }) : "–";
    this.find("place").textContent = review ? t("part {place} of {parts}", { place, parts }) : "–";
    if (review) Object.assign(this.find("progress"), { max: parts * trials, value: (trial - 1) * parts + place - 1 });
  }

  /** A study shows no count of the day. */
  count() {}
}
