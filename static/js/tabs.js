// The other tabs in which the same person inspects: what one of them has answered leaves the others quietly.

const ANSWER_MS = 150;

export class Tabs {
  /** `onNews(news)` hears what another tab of this person told. */
  constructor({ person, onNews }) {
    this.replies = 0;
    // Without BroadcastChannel each tab stands alone; the server then tells them apart.
    this.channel = "BroadcastChannel" in window ? new BroadcastChannel(`sightline-bench-${person}`) : null;
    this.channel?.addEventListener("message", ({ data }) => {
      if (data.kind === "anyone?") this.tell({ kind: "here" });
      else if (data.kind === "here") this.replies += 1;
      else onNews(data);
    });
  }

  tell(news) {
    this.channel?.postMessage(news);
  }

  /** Whether another tab of this person is open. */
  async others() {
    if (!this.channel) return false;
    this.replies = 0;
    this.tell({ kind: "anyone?" });
    await new Promise((done) => setTimeout(done, ANSWER_MS));
    return this.replies > 0;
  }
}
