// What a person gave, on its way to the server: kept on this computer first, then sent in order until there is an answer.

import { Problem, post } from "./api.js";
import { PageStore } from "./store.js";

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;
// What another tab put in is its to send; if it is gone meanwhile, we do.
const FOR_OTHERS_MS = 2_500;

/**
 * Entries are `{kind, review, serial, job, url, body}` and carry the person who gave them: they are sent as that person
 * or not at all. Their bodies are idempotent (client key, lease), so a second delivery does no harm.
 */
export class Outbox {
  /**
   * `on`: changed(); saved(entry, answer, first), first for one of several tabs; refused(entry, problem), which returns
   * words to keep on the page or null; troubled(error); fragile() when nothing can be kept on this computer.
   */
  constructor({ store, tabs, person, name, on }) {
    Object.assign(this, { store, tabs, person, name, on });
    this.mine = [];
    this.refused = [];
    this.others = new Map();
    this.trouble = null;
    this.pause = FIRST_PAUSE_MS;
    this.sending = false;
    this.turn = 0;
    window.addEventListener("online", () => this.hurry());
  }

  get size() {
    return this.mine.length;
  }

  /** Reviews of which something is still to be sent. */
  get reviews() {
    return new Set(this.mine.map((entry) => entry.review).filter(Boolean));
  }

  get durable() {
    return this.store.durable;
  }

  /** Read what is kept; again when another tab has changed it. */
  async load() {
    const turn = this.turn;
    const all = await this.readAll();
    if (turn !== this.turn) {
      await this.load();
      return;
    }
    const own = all.filter((entry) => entry.person === this.person);
    this.mine = own.filter((entry) => !entry.refused);
    this.refused = own.filter((entry) => entry.refused);
    this.others = new Map();
    for (const { person, name } of all.filter((entry) => entry.person !== this.person && !entry.refused))
      this.others.set(person, { name, count: (this.others.get(person)?.count || 0) + 1 });
    this.on.changed();
    if (this.mine.length && !this.sending) this.later(FOR_OTHERS_MS);
  }

  async readAll() {
    try {
      return await this.store.all();
    } catch {
      this.giveUpDisk();
      return [];
    }
  }

  /** The disk is full or broken, or somebody cleared the site's data: this page still holds things, and says so. */
  giveUpDisk() {
    this.store = new PageStore(1e12);
    this.on.fragile();
  }

  /** What another request has learnt of the server: null that it answers. Who is logged out should read it at once. */
  reached(error) {
    const loggedOut = error instanceof Problem && error.loggedOut;
    if (this.mine.length || loggedOut === Boolean(this.trouble)) return;
    this.trouble = loggedOut ? error : null;
    this.on.changed();
  }

  /** Keep an entry and put it on its way. Once this is done, it has been given. */
  async add(entry) {
    return this.keep(entry, (given) => this.store.add(given));
  }

  /** Put an entry in the place of one that was not sent yet. */
  async replace(id, entry) {
    return this.keep(entry, (given) => this.store.replace(id, given), id);
  }

  async keep(entry, put, instead = null) {
    const given = { ...entry, person: this.person, name: this.name };
    let id;
    try {
      id = await put(given);
    } catch {
      this.giveUpDisk();
      id = await this.store.add(given);
    }
    this.turn += 1;
    this.mine = [...this.mine.filter((other) => other.id !== instead), { ...given, id }];
    this.tabs.tell({ kind: "given", what: entry.kind, review: entry.review, lease: entry.body.lease });
    this.on.changed();
    this.send();
    return id;
  }

  async dismiss(id) {
    await this.store.remove(id);
    this.tabs.tell({ kind: "kept" });
    await this.load();
  }

  hurry() {
    this.pause = FIRST_PAUSE_MS;
    this.send();
  }

  later(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), pause);
  }

  async send() {
    if (this.sending) return;
    this.sending = true;
    clearTimeout(this.timer);
    const stuck = new Set();
    let trouble = null;
    for (let next; (next = this.mine.find((entry) => !stuck.has(chain(entry)))); ) {
      const error = await this.deliver(next);
      if (!error) continue;
      trouble = error;
      // No server, or nobody logged in: the others would fare no better. Else only what hangs on this one waits.
      if (!(error instanceof Problem) || error.loggedOut || error.elsewhere) break;
      stuck.add(chain(next));
    }
    this.sending = false;
    this.trouble = trouble;
    this.on.changed();
    if (!this.mine.length) return;
    if (trouble) this.on.troubled(trouble);
    this.later(this.backOff());
  }

  /** Send one entry; the error when it has to be tried again. */
  async deliver(entry) {
    let said;
    try {
      said = await post(entry.url, entry.body, { person: entry.person });
    } catch (error) {
      if (!(error instanceof Problem) || error.passes) return error;
      await this.refuse(entry, error);
      return null;
    }
    this.pause = FIRST_PAUSE_MS;
    const first = await this.settle(entry);
    if (first) this.tabs.tell({ kind: "saved", what: entry.kind, review: entry.review, job: entry.job });
    this.on.saved(entry, said, first);
    return null;
  }

  async refuse(entry, problem) {
    const words = await this.on.refused(entry, problem);
    if (!words) {
      await this.settle(entry);
      return;
    }
    const kept = { ...entry, refused: words };
    this.forget(entry);
    this.refused = [...this.refused.filter((other) => other.id !== entry.id), kept];
    try {
      await this.store.change(kept);
    } catch {
      // It is on the screen already; only a reload would lose the line.
    }
    this.turn += 1;
    this.on.changed();
  }

  /** Take an entry out; false when another tab was first. */
  async settle(entry) {
    this.forget(entry);
    try {
      return await this.store.remove(entry.id);
    } catch {
      // It would be sent once more after a reload, under the same key.
      return true;
    } finally {
      this.turn += 1;
      this.on.changed();
    }
  }

  forget(entry) {
    this.turn += 1;
    this.mine = this.mine.filter((other) => other.id !== entry.id);
  }

  backOff() {
    const now = this.pause;
    this.pause = Math.min(2 * now, LONGEST_PAUSE_MS);
    return now;
  }
}

/** Entries that must keep their order among themselves. */
function chain(entry) {
  return entry.review || `alone-${entry.id}`;
}
