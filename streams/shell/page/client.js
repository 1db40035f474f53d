// Requests to the worker that served the page, and its stream of changes with a state that people can see.
//
// The stream is read with fetch and not with EventSource, which cannot send the token.

const API = "api/v1/";
const SILENCE_MS_MAX = 10_000;
const RETRY_MS_MIN = 1_000;
const RETRY_MS_MAX = 15_000;
const TOKEN = "muster-token";

export class RequestError extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

export class Client {
  /** `askToken(wrong)` resolves to a token that a person gave. */
  constructor(askToken) {
    this.askToken = askToken;
    this.asking = null;
  }

  /** The JSON answer. Waits while the worker still reads, and for the token where one is wanted. */
  async get(path) {
    for (;;) {
      const answer = await this.#fetch(path);
      if (answer.ok) return answer.json();
      if (answer.status !== 503) throw new RequestError(answer.status, await detailOf(answer));
      await pause(RETRY_MS_MIN);
    }
  }

  async #fetch(path, headers = {}, signal = undefined) {
    for (;;) {
      const token = sessionStorage.getItem(TOKEN);
      const authorization = token ? { Authorization: `Bearer ${token}` } : {};
      const answer = await fetch(API + path, { headers: { ...headers, ...authorization }, signal, cache: "no-cache" });
      if (answer.status !== 401) return answer;
      await this.#newToken(token);
    }
  }

  /** Asks once, however many requests wait for it. */
  async #newToken(refused) {
    if (sessionStorage.getItem(TOKEN) !== refused) return; // another request has brought one meanwhile
    this.asking ??= this.askToken(refused !== null).then((token) => sessionStorage.setItem(TOKEN, token));
    await this.asking;
    this.asking = null;
  }

  /**
   * Follow the stream for ever. `on` has totals, events, reset and pulse, each called with the message's data, and
   * state, called with {name: "live" | "disconnected", retrySeconds}.
   */
  async follow(on) {
    let lastId = "";
    let wait = RETRY_MS_MIN;
    for (;;) {
      const started = performance.now();
      try {
        lastId = await this.#readStream(lastId, on);
      } catch (error) {
        lastId = error.lastId ?? lastId;
      }
      if (performance.now() - started > RETRY_MS_MAX) wait = RETRY_MS_MIN;
      on.state({ name: "disconnected", retrySeconds: wait / 1000 });
      await pause(wait);
      wait = Math.min(2 * wait, RETRY_MS_MAX);
    }
  }

  /** Reads one connection to its end; returns the id of the last message. */
  async #readStream(lastId, on) {
    const abort = new AbortController();
    let timer = setTimeout(() => abort.abort(), SILENCE_MS_MAX);
    const parser = new MessageParser(lastId);
    try {
      const answer = await this.#fetch("stream", lastId ? { "Last-Event-ID": lastId } : {}, abort.signal);
      if (!answer.ok) throw new RequestError(answer.status, await detailOf(answer));
      on.state({ name: "live" });
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return parser.lastId;
        clearTimeout(timer);
        timer = setTimeout(() => abort.abort(), SILENCE_MS_MAX);
        for (const { kind, data } of parser.feed(value)) on[kind]?.(JSON.parse(data));
      }
    } catch (error) {
      throw Object.assign(error instanceof Error ? error : new Error(String(error)), { lastId: parser.lastId });
    } finally {
      clearTimeout(timer);
      abort.abort();
    }
  }
}

/** The lines of a text/event-stream, in any pieces -> messages. */
export class MessageParser {
  #rest = "";
  #kind = "";
  #data = [];

  constructor(lastId = "") {
    this.lastId = lastId;
  }

  *feed(text) {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop();
    for (const line of lines) {
      const [, field, value] = /^([^:]*):? ?(.*)$/.exec(line);
      if (line === "") {
        if (this.#data.length) yield { kind: this.#kind, data: this.#data.join("\n") };
        [this.#kind, this.#data] = ["", []];
      } else if (field === "id") this.lastId = value;
      else if (field === "event") this.#kind = value;
      else if (field === "data") this.#data.push(value);
    }
  }
}

async function detailOf(answer) {
  try {
    return (await answer.json()).detail ?? `status ${answer.status}`;
  } catch {
    return `status ${answer.status}`;
  }
}

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
