// The reviews that this page holds, in the order in which they are shown, with their pictures already on the way.

export class Hands {
  constructor(viewer) {
    this.viewer = viewer;
    this.reviews = [];
  }

  get current() {
    return this.reviews[0] || null;
  }

  get size() {
    return this.reviews.length;
  }

  find(id) {
    return this.reviews.find((review) => review.id === id) || null;
  }

  /**
   * Take over what the server says we hold. `answered(review)`: given already and perhaps not arrived yet.
   * `busy(id)`: something of it is still on its way, so what we know is newer than what the server says.
   */
  hold(reviews, { answered, busy }) {
    const now = new Map(reviews.filter((review) => !answered(review)).map((review) => [review.id, review]));
    const stay = this.reviews.filter((review) => busy(review.id) || now.has(review.id));
    for (const review of stay) if (!busy(review.id)) Object.assign(review, now.get(review.id));
    const fresh = [...now.values()].filter((review) => !this.find(review.id) && !busy(review.id));
    this.reviews = [...stay, ...fresh];
    for (const review of fresh) this.viewer.prepare(review);
  }

  drop(id) {
    this.reviews = this.reviews.filter((review) => review.id !== id);
  }

  putBack(review) {
    this.reviews = [review, ...this.reviews.filter((other) => other.id !== review.id)];
  }
}
