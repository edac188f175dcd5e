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
      'webhook-id': `${encodeURIComponent(payload.executionId)}/${name}`,
    };
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(payload), signal });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`the webhook of process ${processId} answered ${response.status}`);
  }
}
