// Speaks with the REST API: JSON both ways, the site's own session, refusals as one kind of error.

import { t } from "./words.js";

const PATIENCE_MS = 15_000;

/** A refusal of the server: `status`, the stable `code`, and a sentence for people in `message`. */
export class Problem extends Error {
  constructor(status, body) {
    super(body.detail || inWords(status));
    this.status = status;
    this.code = body.code || "";
    this.body = body;
  }

  /** Whether the same request may succeed later: the server stumbles, is busy, or the log-in has run out. */
  get passes() {
    return this.status >= 500 || [401, 403, 408, 425, 429].includes(this.status) || this.elsewhere;
  }

  get loggedOut() {
    return this.status === 401;
  }

  /** Somebody else has logged in in this browser; nothing was recorded. */
  get elsewhere() {
    return this.code === "other_person";
  }
}

function inWords(status) {
  return status === 413 ? t("it is larger than this site takes") : t("The server answered {status}.", { status });
}

function csrf() {
  // From the cookie and not from the page: a log-in in another tab changes the token.
  const found = document.cookie.split("; ").find((pair) => pair.startsWith("csrftoken="));
  return found ? decodeURIComponent(found.slice("csrftoken=".length)) : "";
}

/**
 * POST `body` as JSON and return the answer. Throws `Problem` on a refusal, TypeError or AbortError without answer.
 * With `person` the server refuses it (`other_person`) when somebody else has logged in meanwhile.
 */
export async function post(url, body, { keepalive = false, person = "" } = {}) {
  const answer = await fetch(url, {
    method: "POST",
    credentials: "same-origin",
    headers: {
      "Content-Type": "application/json",
      Accept: "application/json",
      "X-CSRFToken": csrf(),
      ...(person && { "X-Sightline-Person": person }),
    },
    body: JSON.stringify(body),
    keepalive,
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  const text = await answer.text();
  const said = parsed(text);
  if (!answer.ok) throw new Problem(answer.status, said);
  return said;
}

/** POST one file with a report of its progress (0 to 1); the answer as JSON. Throws like `post`. */
export function upload(url, form, { onProgress }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.setRequestHeader("X-CSRFToken", csrf());
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    });
    request.addEventListener("load", () => {
      const said = parsed(request.responseText);
      if (request.status < 400) resolve(said);
      else reject(new Problem(request.status, said));
    });
    request.addEventListener("error", () => reject(new TypeError(t("The connection broke."))));
    request.send(form);
  });
}

function parsed(text) {
  try {
    return JSON.parse(text) || {};
  } catch {
    return {};
  }
}

/** A key that no other delivery has. crypto.randomUUID is missing on plain http, which is what a factory often has. */
export function freshKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A random UUID (version 4), made without crypto.randomUUID for the same reason. */
export function freshUuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
