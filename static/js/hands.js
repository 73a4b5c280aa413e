// The reviews that this page holds, with their pictures already on the way.

export class Hands {
  constructor() {
    this.reviews = [];
    this.pictures = new Map();
  }

  get current() {
    return this.reviews[0] || null;
  }

  get size() {
    return this.reviews.length;
  }

  /** Take over what the server says we hold; `except(id)` leaves out what has been answered and not yet arrived. */
  hold(reviews, { except }) {
    const known = new Map(this.reviews.map((review) => [review.id, review]));
    const now = reviews.filter((review) => !except(review.id));
    const order = new Map(now.map((review) => [review.id, review]));
    const stay = this.reviews.filter((review) => order.has(review.id)).map((review) => order.get(review.id));
    const fresh = now.filter((review) => !known.has(review.id));
    this.reviews = [...stay, ...fresh];
    for (const review of fresh) this.load(review);
    for (const id of this.pictures.keys()) if (!order.has(id)) this.pictures.delete(id);
  }

  drop(id) {
    this.reviews = this.reviews.filter((review) => review.id !== id);
    this.pictures.delete(id);
  }

  picture(id) {
    return this.pictures.get(id);
  }

  /** Load the very element that will be shown: another one would ask the server again where nothing is cached. */
  load(review) {
    const image = new Image();
    image.alt = `Part ${review.serial}`;
    image.src = review.picture;
    this.pictures.set(review.id, { image, ready: image.decode() });
    this.pictures.get(review.id).ready.catch(() => {});
  }
}
