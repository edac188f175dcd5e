/** Speaks with the instance's own HTTP API, as any program of a user would. */

interface Answer {
  success: boolean;
  data?: Record<string, unknown>;
  error?: { code: string; message: string };
}

export class ApiClient {
  readonly #url: string;
  readonly #token: string;

  /** @param url `http://host:port` */
  constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  /**
   * Every member of a list that comes in pages.
   *
   * @param query filters; without `cursor` and `limit`
   * @param field the list's name in the answer's `data`
   * @throws an error that names the request, the status and what the API said
   */
  async list<Item>(path: string, query: Record<string, string>, field: string): Promise<Item[]> {
    const items: Item[] = [];
    let cursor: unknown = null;
    do {
      const parameters = new URLSearchParams({ ...query, limit: '100', ...(typeof cursor === 'string' && { cursor }) });
      const data = await this.#ask('GET', `${path}?${parameters.toString()}`);
      items.push(...(data[field] as Item[]));
      cursor = data['next_cursor'];
    } while (typeof cursor === 'string');
    return items;
  }

  /** @throws as `list` does */
  async post(path: string, body: object): Promise<Record<string, unknown>> {
    return this.#ask('POST', path, JSON.stringify(body));
  }

  /** @param body JSON text */
  async #ask(method: 'GET' | 'POST', path: string, body?: string): Promise<Record<string, unknown>> {
    const response = await fetch(`${this.#url}${path}`, {
      method,
      ...(body !== undefined && { body }),
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${this.#token}` },
      signal: AbortSignal.timeout(15_000),
    });
    const text = await response.text();
    const { data, error } = response.headers.get('content-type')?.includes('json') ? (JSON.parse(text) as Answer) : {};
    if (response.ok && data !== undefined) return data;
    throw new Error(
      `${method} ${path}: ${response.status} ${error ? `${error.code}: ${error.message}` : text.slice(0, 300)}`,
    );
  }
}
