// client.mjs
import { setTimeout as sleep } from 'node:timers/promises';

const attempts = 8;
const timeoutMs = 15_000;
/** A token is not used any more when it has less than this left. */
const marginMs = 30_000;

/** Reports events to one workflow webhook. For a back end alone: who has the API key can report anything. */
export class WorkflowWebhook {
  #handshakeUrl;
  #webhookUrl;
  #apiKey;
  /** Shared by all reports under way. @type {Promise<{ value: string, goodUntil: number }> | null} */
  #token = null;

  constructor({ handshakeUrl, webhookUrl, apiKey }) {
    this.#handshakeUrl = handshakeUrl;
    this.#webhookUrl = webhookUrl;
    this.#apiKey = apiKey;
  }

  /**
   * Resolves when the event is durable, and is tried again until then. A repetition has the same key, and so is no
   * second event; keep key and event in your database until this resolves, and report them again after a crash.
   * @param event `{ eventType, customerId, occurredAt, … }`: `occurredAt` is when it happened, not now
   * @param key names this event, for ever: the id it has in your database
   * @throws Error when the event is refused for good, or was not taken in `attempts` attempts
   */
  async report(event, key) {
    let failure;
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      if (attempt > 0) await sleep(failure.waitMs ?? Math.random() * Math.min(30_000, 250 * 2 ** attempt));
      failure = await this.#try(event, key);
      if (failure === null) return;
      if (!failure.mayBeRepeated) break;
    }
    throw new Error(`${event.eventType} of ${event.customerId} was not taken: ${failure.message}`);
  }

  /** @returns null, or what went wrong */
  async #try(event, key) {
    try {
      const token = await this.#freshToken();
      const headers = { 'x-session-token': token, 'Idempotency-Key': key };
      const answer = await post(this.#webhookUrl, headers, JSON.stringify(event));
      if (answer.ok) return null;
      // Its time is over, or its key was revoked: the next attempt has another one.
      if (answer.code?.startsWith('session_token_')) {
        this.#token = null;
        return { ...answer, waitMs: 0, mayBeRepeated: true };
      }
      return { ...answer, mayBeRepeated: answer.status === 429 || answer.status >= 500 };
    } catch (error) {
      return { message: String(error.cause ?? error), mayBeRepeated: !error.isFinal };
    }
  }

  async #freshToken() {
    this.#token ??= this.#handshake();
    const token = this.#token;
    try {
      const { value, goodUntil } = await token;
      if (Date.now() < goodUntil) return value;
    } catch (error) {
      if (this.#token === token) this.#token = null;
      throw error;
    }
    if (this.#token === token) this.#token = null;
    return this.#freshToken();
  }

  async #handshake() {
    const from = Date.now();
    const answer = await post(this.#handshakeUrl, { Authorization: this.#apiKey });
    if (answer.ok) {
      const { sessionToken, expiresIn } = answer.data;
      const lifeMs = expiresIn * 1000;
      return { value: sessionToken, goodUntil: from + Math.max(lifeMs - marginMs, lifeMs / 2) };
    }
    const isFinal = answer.status < 500 && answer.status !== 429;
    throw Object.assign(new Error(`no session token: ${answer.message}`), { isFinal });
  }
}

async function post(url, headers, body) {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { ...headers, ...(body && { 'Content-Type': 'application/json' }) },
    body,
    signal: AbortSignal.timeout(timeoutMs),
  });
  const { data, error } = await answer.json().catch(() => ({}));
  const wait = Number(answer.headers.get('retry-after'));
  return {
    ok: answer.ok,
    status: answer.status,
    data,
    code: error?.code,
    message: error ? `${error.code}: ${error.message}` : `status ${answer.status}`,
    ...(wait > 0 && { waitMs: wait * 1000 }),
  };
}
