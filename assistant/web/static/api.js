// The conversation's HTTP calls. The bearer token lives here, in memory, and nowhere else.

/** An answer that is not a 2xx: `detail` is a sentence for the patient; `status` 0 means no answer came. */
export class Problem extends Error {
  constructor(status, detail, retryAfter = 0) {
    super(detail);
    this.status = status;
    this.detail = detail;
    this.retryAfter = retryAfter;
  }

  /** The conversation cannot be reached any more with this token. */
  get gone() {
    return [401, 403, 404, 410].includes(this.status);
  }

  /** Trying the same again may work. */
  get passing() {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

export class ConversationApi {
  constructor(base = "/api/v1/conversations") {
    this.base = base;
    this.forget();
  }

  forget() {
    this.id = "";
    this.token = "";
  }

  /** An opaque key a tab can hold to come back. */
  get key() {
    return this.id ? btoa(JSON.stringify([this.id, this.token])) : "";
  }

  /** Take a key back; false when it is not one of ours. */
  resume(key) {
    try {
      [this.id, this.token] = JSON.parse(atob(key));
    } catch {
      this.forget();
    }
    return Boolean(this.id && this.token);
  }

  async create(practice) {
    const made = await this.json("", { method: "POST", body: { channel: "web", ...(practice && { practice }) } });
    this.id = made.id;
    this.token = made.token;
    return made;
  }

  send(body) {
    return this.json(`/${this.id}/messages`, { method: "POST", body });
  }

  /** Says that something is being written, never what; whether it arrives does not matter. */
  typing() {
    return this.call(`/${this.id}/typing`, { method: "POST" }).catch(() => {});
  }

  /** What was said after `seq`; the server may hold its answer for `wait` seconds until there is something, or `state` changes. */
  since(seq, { wait = 0, state = "", signal } = {}) {
    const query = `?after=${seq}${wait ? `&wait=${wait}` : ""}${state ? `&state=${state}` : ""}`;
    return this.json(`/${this.id}/messages${query}`, { signal });
  }

  /** The open event stream, as a Response whose body is read as it comes. */
  events(lastEventId, signal) {
    const headers = { Accept: "text/event-stream" };
    if (lastEventId) headers["Last-Event-ID"] = String(lastEventId);
    return this.call(`/${this.id}/events`, { headers, signal });
  }

  async transcript() {
    return (await this.call(`/${this.id}/transcript`)).blob();
  }

  erase() {
    return this.json(`/${this.id}`, { method: "DELETE" });
  }

  async json(path, options) {
    const response = await this.call(path, options);
    return response.status === 204 ? {} : response.json();
  }

  async call(path, { method = "GET", body, headers = {}, signal } = {}) {
    const sent = { ...headers };
    if (this.token) sent.Authorization = `Bearer ${this.token}`;
    if (body) sent["Content-Type"] = "application/json";
    let response;
    try {
      response = await fetch(this.base + path, {
        method, headers: sent, signal, body: body && JSON.stringify(body), cache: "no-store", credentials: "omit",
      });
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new Problem(0, "The connection was lost.");
    }
    if (!response.ok) throw await problemOf(response);
    return response;
  }
}

async function problemOf(response) {
  let detail = "";
  try {
    detail = (await response.json()).detail;
  } catch {
    detail = "";
  }
  const wait = Number(response.headers.get("Retry-After")) || 0;
  return new Problem(response.status, detail || "Something went wrong. Please try again.", wait);
}
