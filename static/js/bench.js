// The course of the work: parts come, are shown, answered, taken back. It knows no element of the page.

import { Problem, freshKey, freshUuid, post } from "./api.js";
import { WRONG, accepted, against } from "./advice.js";
import { whyUnsent } from "./badge.js";
import { Hands } from "./hands.js";
import { History } from "./history.js";
import { t } from "./words.js";

const POLL_MS = 4_000;
// How long an answer waits for the hint before the work goes on without it.
const COMMIT_PATIENCE_MS = 5_000;
const MOST_HELD = 36;
const DOUBLE_CLICK_MS = 400;
const API = "/api/v1";
// After these a part is out of hand.
const ENDS = ["verdict", "skip", "escalate"];

export class Bench {
  /** `face` shows words and buttons, `marks` holds the defects that are marked, `card` shows the hint. */
  constructor({ job, person, hold, viewer, marks, card, face }) {
    Object.assign(this, { job, person, holdAhead: hold, viewer, marks, card, face });
    this.history = new History((id) => this.forget(id));
    this.hands = new Hands(viewer);
    // loading: nothing to judge yet. judging: the picture is on screen. keeping: an answer is written down.
    // committing: the first answer is on its way. revealed: the hint is there. broken: the picture cannot be shown.
    // locked: somebody else has logged in.
    this.phase = "loading";
    this.shown = null;
    this.waiting = null;
    this.wrong = false;
    this.since = null;
    this.asking = false;
    this.turn = 0;
    this.written = Promise.resolve();
    // By lease and not by part: what is handed out again is to be answered again.
    this.answered = new Set();
  }

  /** Begin with what is left from before: it goes first, and its parts are not shown again. */
  start({ outbox, tabs }) {
    Object.assign(this, { outbox, tabs });
    for (const entry of outbox.mine) if (ENDS.includes(entry.kind)) this.answered.add(entry.body.lease);
    outbox.send();
    return this.topUp();
  }

  /** Whether the part in hand came just now: the second half of a double click is not meant for it. */
  get fresh() {
    return this.since === null || performance.now() - this.since < DOUBLE_CLICK_MS;
  }

  get open() {
    return this.phase === "judging" || this.phase === "revealed";
  }

  go(phase) {
    this.phase = phase;
    this.face.phase(phase, { first: this.waiting?.answer || this.shown?.committed, wrong: this.wrong });
    this.face.canUndo(this.history.size > 0 && !["keeping", "committing", "locked"].includes(phase));
  }

  address(review, verb) {
    return `${API}/reviews/${review.id}/${verb}/`;
  }

  // -------------------------------------------------------------- fetching and showing
  async topUp() {
    if (this.phase === "locked") return;
    this.askAgain = this.asking;
    if (this.asking) return;
    this.asking = true;
    clearTimeout(this.poll);
    const turn = this.turn;
    try {
      const hold = Math.min(MOST_HELD, this.holdAhead + this.outbox.reviews.size);
      const reviews = await this.ask(hold);
      // An answer from before a part was taken back would take it away again.
      if (turn === this.turn) this.take(reviews);
      else this.askAgain = true;
      this.outbox.reached(null);
    } catch (error) {
      this.notReached(error);
    } finally {
      this.asking = false;
      if (this.askAgain) this.topUp();
      else if (!this.shown) this.poll = setTimeout(() => this.topUp(), POLL_MS);
    }
  }

  /** What this person holds, topped up to `hold`. */
  async ask(hold) {
    return (await post(`${API}/jobs/${this.job}/reviews/next/`, { hold }, { person: this.person })).reviews;
  }

  nothing() {
    return t("No part is waiting. This page looks again every few seconds.");
  }

  take(reviews) {
    const unsent = this.outbox.reviews;
    const before = this.hands.reviews;
    this.hands.hold(reviews, {
      answered: (review) => this.answered.has(review.lease),
      busy: (id) => unsent.has(id),
    });
    for (const review of before) this.forget(review.id);
    if (this.shown && !this.hands.find(this.shown.id)) this.loseShown();
    if (!this.shown) this.showNext();
    else if (this.shown.committed && ["judging", "committing"].includes(this.phase)) this.begin(this.shown);
    if (!this.shown && !this.outbox.size) this.face.say(this.nothing());
  }

  notReached(error) {
    this.outbox.reached(error);
    if (error instanceof Problem && error.elsewhere) this.lock();
    else if (!this.shown) this.face.say(t("No next part: {why}.", { why: whyUnsent(error) }));
  }

  lock() {
    this.viewer.clear();
    this.shown = null;
    this.card.clear();
    this.go("locked");
    this.face.say(t("Somebody else has logged in here. Load this page again to go on."));
  }

  loseShown() {
    if (this.phase === "keeping") return;
    this.shown = null;
    this.face.warn(t("Somebody else took that part while you were away. Here is the next one."));
  }

  async showNext() {
    const review = this.hands.current;
    Object.assign(this, { shown: review, waiting: null, wrong: false, since: null });
    this.marks.clear();
    this.card.clear();
    this.face.facts(review);
    this.go("loading");
    if (!review) {
      this.viewer.clear();
      return;
    }
    try {
      await this.viewer.show(review);
    } catch {
      if (this.shown !== review) return;
      this.face.say(t("The picture cannot be shown. Answer UNSURE or pass the part on."));
      this.go("broken");
      return;
    }
    await this.written;
    // A verdict on a picture that nobody has seen yet is none: keys count from here on.
    if (this.shown === review) this.begin(review);
  }

  begin(review) {
    this.since = performance.now();
    if (review.commit_first && (review.committed || review.hint)) {
      this.resume(review);
      return;
    }
    this.card.show(review.hint);
    this.marks.set(review.before);
    this.face.say(this.heading(review));
    this.go("judging");
  }

  heading(review) {
    if (!review.before) return t("Part {serial}", { serial: review.serial });
    return t("Part {serial} is back: you said {verdict}.", { serial: review.serial, verdict: review.before.verdict });
  }

  /** Go on where the first answer was kept: at the hint, or straight on where none is due. */
  resume(review) {
    if (review.hint) this.reveal(review);
    else this.give(review, review.committed);
  }

  reveal(review) {
    const first = review.committed;
    this.waiting = null;
    this.marks.set(review.before || first);
    this.card.show(review.hint, { kept: first?.verdict });
    this.face.say(t("Part {serial}: keep or change your answer", { serial: review.serial }));
    this.go("revealed");
  }

  forget(id) {
    if (!this.hands.find(id) && !this.history.has(id)) this.viewer.forget(id);
  }

  // -------------------------------------------------------------- answering
  async judge(verdict) {
    if (!this.open && !(this.phase === "broken" && verdict === "UNSURE")) return;
    this.face.warn("");
    const marked = this.marks.answer();
    if (verdict === "OK" && (marked.labels.length || marked.regions.length)) {
      this.face.warn(t("Defects are marked. Press 2 for NG, or Esc to take the marks away."));
      return;
    }
    const answer = { verdict, ...marked };
    if (this.phase === "judging" && this.shown.commit_first) await this.commit(this.shown, answer);
    else await this.give(this.shown, answer, { note: this.wrong ? WRONG : "" });
  }

  /** Enter after a hint: the first answer stays, with the marks as they are now. */
  async keep() {
    if (this.phase === "revealed" && this.shown.committed) await this.judge(this.shown.committed.verdict);
  }

  async accept() {
    if (!this.open || !this.shown.hint) return;
    await this.give(this.shown, accepted(this.shown.hint, this.marks.answer()));
  }

  async saidWrong() {
    if (!this.open || !this.shown.hint) return;
    const answer = this.wrong ? null : against(this.shown.hint, this.shown.committed, this.marks.answer());
    if (answer) {
      await this.give(this.shown, answer, { note: WRONG });
      return;
    }
    this.wrong = !this.wrong;
    this.face.say(
      this.wrong
        ? t("Noted: the AI is wrong. What do you say of part {serial}?", { serial: this.shown.serial })
        : this.heading(this.shown),
    );
    this.go(this.phase);
  }

  async commit(review, answer) {
    this.waiting = { review, answer };
    this.go("keeping");
    const body = { lease: review.lease, client_key: freshKey(), ...answer };
    const waiting = this.waiting;
    waiting.entry = await this.outbox.add({ kind: "commit", ...this.of(review, "commit"), body });
    if (this.waiting !== waiting || this.phase !== "keeping") return;
    this.go("committing");
    setTimeout(() => this.goOnWithout(waiting), COMMIT_PATIENCE_MS);
  }

  /** No hint can be had: keep the answer as the verdict, given without the AI's view, and go on. */
  async goOnWithout(waiting) {
    if (this.waiting !== waiting || this.phase !== "committing") return;
    // The hint may still come now; this answer was given without it.
    this.waiting = null;
    this.face.warn(t("Kept without the AI's view: {why}.", { why: whyUnsent(this.outbox.trouble) }));
    await this.give(waiting.review, waiting.answer, { instead: waiting.entry });
  }

  async give(review, answer, { note = "", instead = null } = {}) {
    this.go("keeping");
    const { verdict, labels, regions = [] } = answer;
    const body = { lease: review.lease, client_key: freshKey(), verdict, labels, regions, note, ...this.seconds() };
    const entry = { kind: "verdict", ...this.of(review, "verdict"), body };
    // The next picture comes while this is being written; its keys count only when this one is on the disk.
    this.written = instead ? this.outbox.replace(instead, entry) : this.outbox.add(entry);
    this.history.add(review, { verdict, labels, regions });
    this.finish(review);
    await this.written;
    this.topUp();
  }

  of(review, verb) {
    return { review: review.id, serial: review.serial, job: this.job, url: this.address(review, verb) };
  }

  seconds() {
    const passed = this.since === null ? -1 : Math.round(performance.now() - this.since) / 1000;
    // A clock that was set, or a computer that slept: no time is better than a wrong one.
    return passed >= 0 && passed < 86_400 ? { seconds: passed } : {};
  }

  finish(review) {
    this.answered.add(review.lease);
    this.hands.drop(review.id);
    this.forget(review.id);
    // Another tab may have led this one on already.
    if (!this.shown || this.shown === review) this.showNext();
    if (!this.shown) this.face.say(t("Kept. Fetching the next part …"));
  }

  async passOn(kind, reason) {
    const review = this.shown;
    if (!review || !(this.open || this.phase === "broken")) return;
    this.go("keeping");
    await this.outbox.add({ kind, ...this.of(review, kind), body: { lease: review.lease, reason } });
    this.finish(review);
    this.topUp();
  }

  async undo() {
    if (["keeping", "committing", "locked"].includes(this.phase)) return;
    const last = this.history.take();
    if (!last) {
      this.face.warn(t("There is nothing to take back on this page."));
      return;
    }
    this.face.warn("");
    this.go("keeping");
    const { review, answer } = last;
    const lease = freshUuid();
    await this.outbox.add({ kind: "undo", ...this.of(review, "undo"), body: { lease: review.lease, new_lease: lease } });
    this.turn += 1;
    Object.assign(review, { lease, before: answer, committed: review.hint ? review.committed : null });
    this.hands.putBack(review);
    this.showNext();
  }

  async report(words, withPart) {
    const review = withPart && this.shown ? { review: this.shown.id } : {};
    const entry = { kind: "incident", serial: withPart ? this.shown?.serial : "", job: this.job };
    const url = `${API}/jobs/${this.job}/incidents/`;
    await this.outbox.add({ ...entry, url, body: { client_key: freshKey(), words, ...review } });
  }

  // -------------------------------------------------------------- other tabs, coming and going
  async heard(news) {
    await this.outbox.load();
    if (news.kind === "saved" && news.job === this.job) this.face.count({ verdict: 1, undo: -1 }[news.what] || 0);
    if (news.kind === "given" && news.review) this.leaveTo(news);
    if (news.kind === "saved" || news.kind === "left") this.topUp();
  }

  /** The other tab has answered a part that lies here too. */
  leaveTo({ what, review: id, lease }) {
    if (ENDS.includes(what)) this.answered.add(lease);
    const mine = this.hands.find(id);
    if (!mine || mine.lease !== lease || this.phase === "keeping") return;
    this.hands.drop(id);
    this.forget(id);
    if (this.shown === mine) this.showNext();
    this.topUp();
  }

  async heartbeat() {
    if (!this.hands.size) return;
    try {
      await post(`${API}/reviews/heartbeat/`, {}, { person: this.person });
    } catch {
      // The next one comes soon; the server takes an answer under a lapsed lease while nobody else has the part.
    }
  }

  /** Give back what is held, unless another tab of this person works on. */
  async leave() {
    await this.written;
    if (await this.tabs.others()) return;
    const back = this.hands.reviews.map((review) =>
      post(this.address(review, "give-back"), { lease: review.lease }, { keepalive: true, person: this.person }),
    );
    await Promise.allSettled(back);
  }
}
