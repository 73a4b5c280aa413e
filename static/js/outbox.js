// Verdicts on their way to the server: one after the other, tried again until there is an answer.

import { Problem, post } from "./api.js";

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;

export class Outbox {
  /**
   * `onChange()` after every step; `onSaved(entry)`; `onRefused(entry, problem)` when the server will never take it.
   */
  constructor({ onChange, onSaved, onRefused }) {
    this.entries = [];
    this.trouble = null;
    this.pause = FIRST_PAUSE_MS;
    this.sending = false;
    Object.assign(this, { onChange, onSaved, onRefused });
    window.addEventListener("online", () => this.hurry());
  }

  get size() {
    return this.entries.length;
  }

  /** Put `{review, url, body}` on its way. The body carries its own client key, so a second delivery does no harm. */
  add(entry) {
    this.entries.push(entry);
    this.onChange();
    this.send();
  }

  hurry() {
    this.pause = FIRST_PAUSE_MS;
    clearTimeout(this.timer);
    this.send();
  }

  async send() {
    if (this.sending) return;
    this.sending = true;
    clearTimeout(this.timer);
    while (this.entries.length && (await this.sendFirst()));
    this.sending = false;
    this.onChange();
    if (this.entries.length) this.timer = setTimeout(() => this.send(), this.backOff());
  }

  async sendFirst() {
    const entry = this.entries[0];
    try {
      await post(entry.url, entry.body);
    } catch (error) {
      if (!(error instanceof Problem) || error.passes) {
        this.trouble = error;
        return false;
      }
      this.settle();
      this.onRefused(entry, error);
      return true;
    }
    this.settle();
    this.onSaved(entry);
    return true;
  }

  settle() {
    this.entries.shift();
    this.trouble = null;
    this.pause = FIRST_PAUSE_MS;
    this.onChange();
  }

  backOff() {
    const now = this.pause;
    this.pause = Math.min(2 * now, LONGEST_PAUSE_MS);
    return now;
  }
}
