/** What operators see of workflow webhooks in Prometheus. */
import { Counter, type Registry } from 'prom-client';
import { ApiError } from '../http/api.error.ts';

export class WebhookMetrics {
  readonly #handshakes: Counter<'outcome'>;
  readonly #reports: Counter<'outcome'>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#handshakes = new Counter({
      name: 'signalbox_webhook_handshakes_total',
      help: 'Requests for a session token of a workflow webhook, by their outcome: accepted, or the code of the error',
      labelNames: ['outcome'],
      registers,
    });
    this.#reports = new Counter({
      name: 'signalbox_webhook_reports_total',
      help: 'Events reported to workflow webhooks, by their outcome: accepted, or the code of the error',
      labelNames: ['outcome'],
      registers,
    });
  }

  /** @throws what `act` throws */
  handshake<Result>(act: () => Promise<Result>): Promise<Result> {
    return counted(this.#handshakes, act);
  }

  /** @throws what `act` throws */
  report<Result>(act: () => Promise<Result>): Promise<Result> {
    return counted(this.#reports, act);
  }
}

async function counted<Result>(counter: Counter<'outcome'>, act: () => Promise<Result>): Promise<Result> {
  try {
    const result = await act();
    counter.inc({ outcome: 'accepted' });
    return result;
  } catch (error) {
    counter.inc({ outcome: error instanceof ApiError ? error.code : 'internal_error' });
    throw error;
  }
}
