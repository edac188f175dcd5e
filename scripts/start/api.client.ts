/** The instance's own HTTP API, as an administrator sees it. */

/** An answer that is no success: says which request, the status and what the API said. */
export class ApiError extends Error {
  override name = 'ApiError';
  constructor(
    readonly status: number,
    request: string,
    answer: string,
  ) {
    super(`${request}: ${status} ${answer}`);
  }
}

interface Answer {
  success: boolean;
  data?: unknown;
  error?: { code: string; message: string; details?: { path: string; message: string }[] };
}

export class ApiClient {
  readonly #url: string;
  readonly #token: string;

  /** @param url `http://host:port` */
  constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  get<Data>(path: string): Promise<Data> {
    return this.#send<Data>('GET', path);
  }

  post<Data>(path: string, body: unknown): Promise<Data> {
    return this.#send<Data>('POST', path, body);
  }

  put<Data>(path: string, body: unknown): Promise<Data> {
    return this.#send<Data>('PUT', path, body);
  }

  /** Every member of a list that comes in pages. */
  async list<Item>(path: string, field: string): Promise<Item[]> {
    const items: Item[] = [];
    let cursor: string | null = null;
    do {
      const next: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const page: Record<string, unknown> = await this.get(`${path}${path.includes('?') ? '&' : '?'}limit=100${next}`);
      items.push(...(page[field] as Item[]));
      cursor = (page['next_cursor'] as string | null | undefined) ?? null;
    } while (cursor !== null);
    return items;
  }

  async #send<Data>(method: string, path: string, body?: unknown): Promise<Data> {
    const response = await fetch(`${this.#url}${path}`, {
      method,
      headers: { Authorization: `Bearer ${this.#token}`, 'Content-Type': 'application/json' },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(15_000),
    });
    const text = await response.text();
    let answer: Answer;
    try {
      answer = JSON.parse(text) as Answer;
    } catch {
      throw new ApiError(response.status, `${method} ${path}`, text.slice(0, 500));
    }
    if (!answer.success) {
      const { code = 'unknown', message = '', details = [] } = answer.error ?? {};
      const where = details.map((detail) => `\n  ${detail.path}: ${detail.message}`).join('');
      throw new ApiError(response.status, `${method} ${path}`, `${code}: ${message}${where}`);
    }
    return answer.data as Data;
  }
}
