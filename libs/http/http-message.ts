/** What goes out to an address that a rule or a subscriber chose, and what comes back. */

export interface HttpRequest {
  /** Absolute, http or https. User-info becomes basic authorization unless `headers` say otherwise. */
  url: string;
  method: string;
  /** Sent as given: names keep their case, values are not touched. */
  headers: Readonly<Record<string, string>>;
  body: string | null;
  /** Milliseconds for everything: waiting for a connection, connecting, sending, the answer's head and its body. */
  timeoutMs: number;
  /** What errors call the receiver, e.g. `endpoint "crm"`, where nothing of the URL may be seen. */
  name?: string | undefined;
  /** Ends the call early; `send` then rejects with the signal's reason. */
  signal?: AbortSignal;
}

/** A 2xx answer. */
export interface HttpResponse {
  status: number;
  /** Names in lower case. */
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The first `maxResponseBytes` of the answer as UTF-8. */
  body: string;
  durationMs: number;
}
