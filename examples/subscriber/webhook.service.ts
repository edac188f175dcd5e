/** Webhooks by HTTP, one URL for each process. */
import { Inject, Injectable } from '@nestjs/common';

export const webhookUrls = Symbol('webhookUrls');

export interface WebhookPayload {
  executionId: string;
  [member: string]: unknown;
}

@Injectable()
export class WebhookService {
  readonly #urls: Readonly<Record<string, string>>;

  /** @param urls by process id */
  constructor(@Inject(webhookUrls) urls: Readonly<Record<string, string>>) {
    this.#urls = urls;
  }

  /**
   * Resolves when the webhook has taken it, or when the process has none. An event may come twice: `webhook-id` is then the
   * same, so a receiver can tell.
   * @param name of what happened, in the header `webhook-event`
   * @throws unless the answer is 2xx: the handler is then called again
   */
  async deliver(processId: string, name: string, payload: WebhookPayload, signal: AbortSignal): Promise<void> {
    const url = Object.hasOwn(this.#urls, processId) ? this.#urls[processId] : undefined;
    if (url === undefined) return;
    const headers = {
      'content-type': 'application/json',
      'webhook-event': name,
      // Without a dot: where calls are signed, dots separate the id from what follows it.
      'webhook-id': `${encodeURIComponent(payload.executionId).replaceAll('.', '%2E')}/${name}`,
    };
    const request = { method: 'POST', headers, body: JSON.stringify(payload), redirect: 'manual', signal } as const;
    const response = await fetch(url, request);
    await response.body?.cancel();
    if (!response.ok) throw new Error(`the webhook of process ${processId} answered ${response.status}`);
  }
}
