// What became of what was given: what each answer of the server, and each silence, means for the work.

import { Problem } from "./api.js";
import { t } from "./words.js";

// How long an answer waits for its hint once there is trouble.
const TROUBLE_PATIENCE_MS = 1_500;

export class Outcomes {
  constructor(bench) {
    this.bench = bench;
  }

  /** `first` is true for the one of several tabs that counts it. */
  saved(entry, said, first) {
    if (this.bench.phase === "locked") this.bench.showNext();
    const change = { verdict: 1, undo: -1 }[entry.kind] || 0;
    if (first && entry.job === this.bench.job) this.bench.face.count(change);
    if (entry.kind === "commit") this.committed(entry, said);
    if (entry.kind === "undo") this.returned(entry, said);
    if (this.bench.hands.size < this.bench.holdAhead) this.bench.topUp();
  }

  committed(entry, said) {
    const { waiting, phase } = this.bench;
    if (waiting?.review.id !== entry.review || !["keeping", "committing"].includes(phase)) return;
    Object.assign(waiting.review, { committed: waiting.answer, hint: said.hint });
    this.bench.resume(waiting.review);
  }

  returned(entry, said) {
    this.bench.turn += 1;
    const review = this.bench.hands.find(entry.review);
    if (review && review.lease === entry.body.new_lease && said.lease === review.lease)
      Object.assign(review, { expires_at: said.expires_at });
  }

  /** What will never be taken: the words that stay on the page, or null where another way was found. */
  async refused(entry, problem) {
    const about = { serial: entry.serial, why: problem.message };
    if (entry.kind === "commit") return this.commitRefused(entry);
    if (entry.kind === "undo") return this.undoRefused(entry, about);
    if (entry.kind === "incident") return t("Your report was not taken: {why}", about);
    this.bench.history.drop(entry.review);
    // Refused for its form, it is still ours and comes again; what somebody else has taken does not.
    if (problem.status !== 409) this.bench.answered.delete(entry.body.lease);
    this.bench.topUp();
    return t("Part {serial}: {why}", about);
  }

  async commitRefused(entry) {
    // The part takes one answer by now, or is somebody else's: as a verdict it is kept in both cases. The key is made
    // from the old one, or two tabs would give it twice.
    const { client_key: key, ...answer } = entry.body;
    const body = { ...answer, client_key: `${key}-verdict` };
    const url = entry.url.replace("/commit/", "/verdict/");
    const { id, serial, review: about, job } = entry;
    await this.bench.outbox.replace(id, { kind: "verdict", review: about, serial, job, url, body });
    const review = this.bench.hands.find(entry.review);
    if (review) this.bench.finish(review);
    this.bench.topUp();
    return null;
  }

  undoRefused(entry, about) {
    this.bench.turn += 1;
    const review = this.bench.hands.find(entry.review);
    if (review?.lease === entry.body.new_lease) this.bench.finish(review);
    this.bench.topUp();
    return t("Part {serial} was not taken back: {why}", about);
  }

  troubled(error) {
    if (error instanceof Problem && error.elsewhere) this.bench.lock();
    const waiting = this.bench.waiting;
    if (waiting) setTimeout(() => this.bench.goOnWithout(waiting), TROUBLE_PATIENCE_MS);
  }
}
