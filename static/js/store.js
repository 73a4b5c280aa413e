// What waits to be sent, kept on this computer: in IndexedDB, or only in this page where the browser has none for us.

const DATABASE = "sightline";
const VERSION = 1;
const ENTRIES = "outbox";
const PATIENCE_MS = 3_000;

/** The store of this browser. Entries come back in the order in which they were put in, whatever the clock says. */
export async function openStore() {
  try {
    return new DurableStore(await open());
  } catch {
    return new PageStore();
  }
}

function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, VERSION);
    // Another tab with an older version of this page could hold the door shut for ever.
    setTimeout(() => reject(new Error("IndexedDB does not answer.")), PATIENCE_MS);
    request.onupgradeneeded = () => request.result.createObjectStore(ENTRIES, { keyPath: "id", autoIncrement: true });
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
  });
}

class DurableStore {
  constructor(database) {
    this.database = database;
  }

  get durable() {
    return true;
  }

  all() {
    return this.work("readonly", (entries) => entries.getAll());
  }

  /** Put an entry in; its id. */
  add(entry) {
    return this.work("readwrite", (entries) => entries.add(entry));
  }

  /** Change an entry that is there. */
  change(entry) {
    return this.work("readwrite", (entries) => entries.put(entry));
  }

  /** Take `id` out and put `entry` in, both or neither. */
  replace(id, entry) {
    return this.work("readwrite", (entries) => {
      entries.delete(id);
      return entries.add(entry);
    });
  }

  /** Take an entry out; true for the one of several tabs that really did. */
  async remove(id) {
    const before = await this.work("readwrite", (entries) => {
      const found = entries.get(id);
      entries.delete(id);
      return found;
    });
    return before !== undefined;
  }

  work(mode, act) {
    return new Promise((resolve, reject) => {
      // Strict: on the disk, not in a buffer. A power cut in the hall must not take a verdict that was given.
      const transaction = this.database.transaction(ENTRIES, mode, { durability: "strict" });
      const request = act(transaction.objectStore(ENTRIES));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = () => reject(transaction.error);
      transaction.onabort = () => reject(transaction.error);
    });
  }
}

export class PageStore {
  constructor(last = 0) {
    this.entries = new Map();
    this.last = last;
  }

  get durable() {
    return false;
  }

  async all() {
    return [...this.entries.values()];
  }

  async add(entry) {
    this.last += 1;
    this.entries.set(this.last, { ...entry, id: this.last });
    return this.last;
  }

  async change(entry) {
    this.entries.set(entry.id, entry);
  }

  async replace(id, entry) {
    this.entries.delete(id);
    return this.add(entry);
  }

  async remove(id) {
    return this.entries.delete(id);
  }
}
