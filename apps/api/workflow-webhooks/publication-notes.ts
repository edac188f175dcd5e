/**
 * Notes in the store which claims are published, many at a time: no request waits for a note, and each write of one alone
 * would cost the store as much as that of a hundred. What a process that dies has not noted is published once more.
 */
import { maxMarked, type WebhookClaims } from '#libs/domain/workflow-webhooks/webhook-claim.ts';
import type { Logger } from '#libs/telemetry/logger.ts';

/** How long a note waits for others, in milliseconds. */
const lingerMs = 200;

export class PublicationNotes {
  readonly #claims: Pick<WebhookClaims, 'markPublished'>;
  readonly #log: Pick<Logger, 'warn'>;
  /** Published, and not noted yet. */
  readonly #waiting = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #isFailing = false;

  constructor(claims: Pick<WebhookClaims, 'markPublished'>, log: Pick<Logger, 'warn'>) {
    this.#claims = claims;
    this.#log = log;
  }

  add(claimId: string): void {
    this.#waiting.add(claimId);
    if (this.#waiting.size % maxMarked === 0) void this.flush();
    else this.#timer ??= setTimeout(() => void this.flush(), lingerMs);
  }

  /** Whether it is published and not noted yet. */
  has(claimId: string): boolean {
    return this.#waiting.has(claimId);
  }

  /** Resolves when all that was added before is noted, or could not be. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    return (this.#writing = this.#writing.then(() => this.#write()));
  }

  async #write(): Promise<void> {
    while (this.#waiting.size > 0) {
      const claimIds = [...this.#waiting].slice(0, maxMarked);
      try {
        await this.#claims.markPublished(claimIds, new Date().toISOString());
        this.#isFailing = false;
      } catch (error) {
        // The events are published: what is not noted is published again if it is reported again.
        if (!this.#isFailing) this.#log.warn({ err: error }, 'published events could not be noted as such');
        this.#isFailing = true;
      }
      for (const claimId of claimIds) this.#waiting.delete(claimId);
    }
  }
}
