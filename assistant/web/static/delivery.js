// How messages reach the page: an event stream read from a cursor; long-poll where something holds streams back.

const FIRST_BYTES_MS = 5000; // a proxy that holds event streams shows itself by silence at the start
const SILENCE_MS = 20000; // the server pings every 4 s; this long without anything, the line is dead
const POLL_WAIT_S = 20;
const BACKOFF_MS = 500;
const BACKOFF_MAX_MS = 30000;

/** Splits a text/event-stream into events; keeps what is unfinished until more comes. */
export class EventParser {
  constructor() {
    this.rest = "";
  }

  push(text) {
    const parts = (this.rest + text).split(/\r\n\r\n|\n\n|\r\r/);
    this.rest = parts.pop();
    return parts.map((part) => parseEvent(part)).filter((event) => event.data);
  }
}

function parseEvent(block) {
  const event = { type: "message", id: "", data: "" };
  const data = [];
  for (const line of block.split(/\r\n|\n|\r/)) {
    const [, field, value] = /^([^:]*):? ?(.*)$/.exec(line);
    if (field === "event") event.type = value;
    else if (field === "id") event.id = value;
    else if (field === "data") data.push(value);
  }
  event.data = data.join("\n");
  return event;
}

/**
 * Runs until `stop`. The cursor moves only by what the event log gave, never by an answer to a send:
 * so nothing said in between can be skipped, and what comes twice has the same seq.
 */
export class Delivery {
  constructor(api, { messages, state, typing, online, gone }) {
    Object.assign(this, { api, messages, state, typing, online, gone });
    this.streams = true;
    this.running = 0;
    this.known = "";
    this.wake = () => {};
    window.addEventListener("online", () => {
      this.streams = true; // another network, perhaps without the proxy that held the stream
      this.wake();
    });
  }

  start(cursor) {
    this.stop();
    this.cursor = cursor;
    this.abort = new AbortController();
    this.run(++this.running);
  }

  stop() {
    this.running += 1;
    this.abort?.abort();
    this.wake();
  }

  async run(turn) {
    let failures = 0;
    while (turn === this.running) {
      try {
        this.take(await this.api.since(this.cursor, { signal: this.abort.signal }));
        this.online(true);
        failures = 0;
        if (this.streams) await this.stream(turn);
        else await this.poll(turn);
      } catch (error) {
        if (turn !== this.running) return;
        if (error.gone) {
          this.gone(error);
          return;
        }
        failures += 1;
        if (failures > 1 || !error.held) this.online(false);
        if (!error.held) await this.pause(failures, error.retryAfter);
      }
    }
  }

  /** Backoff with jitter, cut short when the browser says it is online again. */
  pause(failures, retryAfter = 0) {
    const longest = Math.min(BACKOFF_MAX_MS, BACKOFF_MS * 2 ** (failures - 1));
    const time = Math.max(retryAfter * 1000, longest * (0.5 + Math.random() / 2));
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, time);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  take(answer) {
    const said = answer.messages ?? [];
    for (const message of said) this.cursor = Math.max(this.cursor, message.seq);
    if (said.length) this.messages(said);
    if (answer.state) {
      this.known = answer.state;
      this.state(answer);
    }
  }

  /** A long poll's answer says who writes beside the rest; a stream has an event of its own for it. */
  polled(answer) {
    this.take(answer);
    if (answer.typing || this.writes) this.typing({ from: "navigator", typing: Boolean(answer.typing), name: answer.typing });
    this.writes = Boolean(answer.typing);
  }

  async poll(turn) {
    while (turn === this.running) {
      const limit = new AbortController();
      const stop = () => limit.abort();
      this.abort.signal.addEventListener("abort", stop);
      const timer = setTimeout(stop, (POLL_WAIT_S + 10) * 1000);
      const asked = performance.now();
      try {
        this.polled(await this.api.since(this.cursor, { wait: POLL_WAIT_S, state: this.known, signal: limit.signal }));
        if (performance.now() - asked < 1000) await this.pause(2); // a server that does not wait is not hammered
      } finally {
        clearTimeout(timer);
        this.abort.signal.removeEventListener("abort", stop);
      }
    }
  }

  async stream(turn) {
    const line = new AbortController();
    const stop = () => line.abort();
    this.abort.signal.addEventListener("abort", stop);
    let heard = false;
    let timer = setTimeout(stop, FIRST_BYTES_MS);
    try {
      const reader = (await this.api.events(this.cursor, line.signal)).body.getReader();
      const parser = new EventParser();
      const decoder = new TextDecoder();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        heard = true;
        clearTimeout(timer);
        timer = setTimeout(stop, SILENCE_MS);
        for (const event of parser.push(decoder.decode(value, { stream: true }))) this.receive(event, turn);
      }
    } catch (error) {
      if (!heard && line.signal.aborted && turn === this.running) {
        this.streams = false;
        error.held = true;
      }
      throw error;
    } finally {
      clearTimeout(timer);
      this.abort.signal.removeEventListener("abort", stop);
    }
    if (turn === this.running) await this.pause(1);
  }

  receive(event, turn) {
    if (turn !== this.running) return;
    const data = JSON.parse(event.data);
    if (event.type === "message") this.take({ messages: [data] });
    else if (event.type === "state") this.take(data);
    else if (event.type === "typing") this.typing(data);
  }
}
