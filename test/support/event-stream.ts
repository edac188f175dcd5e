/** A client of Server-Sent Events, as a browser's: it reads what comes, by the rules of the HTML standard. */
export interface StreamedEvent {
  id: string;
  type: string;
  data: string;
}

export class StreamClient {
  readonly events: StreamedEvent[] = [];
  readonly comments: string[] = [];
  readonly response: Response;
  /** Resolves when the stream has ended, by whichever side. */
  readonly ended: Promise<void>;
  readonly #abort: AbortController;

  private constructor(response: Response, abort: AbortController) {
    this.response = response;
    this.#abort = abort;
    this.ended = this.#read().catch(() => undefined);
  }

  static async open(url: string, headers: Record<string, string>): Promise<StreamClient> {
    const abort = new AbortController();
    return new StreamClient(await fetch(url, { headers, signal: abort.signal }), abort);
  }

  get lastEventId(): string {
    return this.events.at(-1)?.id ?? '';
  }

  async close(): Promise<void> {
    this.#abort.abort();
    await this.ended;
  }

  async #read(): Promise<void> {
    const decoder = new TextDecoder();
    let text = '';
    for await (const chunk of this.response.body!) {
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop()!;
      for (const block of blocks) this.#take(block.split('\n'));
    }
  }

  #take(lines: string[]): void {
    const event = { id: this.lastEventId, type: 'message', data: '' };
    for (const line of lines) {
      const [, field, value = ''] = /^([^:]*):? ?(.*)$/s.exec(line)!;
      if (field === '') this.comments.push(value);
      else if (field === 'id') event.id = value;
      else if (field === 'event') event.type = value;
      else if (field === 'data') event.data += value;
    }
    if (event.data !== '') this.events.push(event);
  }
}
