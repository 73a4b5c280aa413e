// The last parts that were judged on this page, to be taken back one after the other.

const MOST = 10;

export class History {
  /** `forget(id)` lets go of the picture of a part that can be taken back no more. */
  constructor(forget) {
    this.forget = forget;
    this.given = [];
  }

  get size() {
    return this.given.length;
  }

  add(review, answer) {
    this.given.push({ review, answer });
    if (this.given.length > MOST) this.forget(this.given.shift().review.id);
  }

  /** The newest one, which leaves the list; undefined when there is none. */
  take() {
    return this.given.pop();
  }

  drop(id) {
    const left = this.given.filter(({ review }) => review.id !== id);
    if (left.length < this.given.length) this.forget(id);
    this.given = left;
  }

  has(id) {
    return this.given.some(({ review }) => review.id === id);
  }
}
