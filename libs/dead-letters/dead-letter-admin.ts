/**
 * What people do with dead letters. Each is sent again once at most: it is claimed in the store first, by one of those
 * who ask for it at once, and a claim is taken back only where Kafka has refused the message for certain.
 */
import { randomUUID } from 'node:crypto';
import type { Audited } from '#libs/domain/access/audit-log.ts';
import { PermanentError, RetryableError } from '#libs/domain/errors/errors.ts';
import type {
  DeadLetterFilter,
  DeadLetterStore,
  DeadLetterSummary,
  KeptDeadLetter,
  ReasonCount,
} from '#libs/domain/events/dead-letter.ts';
import { sha256 } from '#libs/domain/values/sha256.ts';
import type { OriginTopics } from './origin-topics.ts';
import { readProgress, wasThere, writeProgress, type ResendProgress } from './resend-batches.ts';
import { showMessage, type ShownMessage } from './shown-message.ts';

export interface Actor {
  /** User id. */
  by: string;
  /** The only brands that the actor may see; null = all, and letters whose brand is unknown. */
  brands: readonly string[] | null;
}

export interface DeadLetterAdminPorts {
  letters: DeadLetterStore;
  origins: Pick<OriginTopics, 'check' | 'readEnds' | 'publish'>;
  audited: Audited;
}

export interface ResendBatch {
  results: { dead_letter_id: string; outcome: 'sent' | 'refused' | 'unknown' | 'taken' }[];
  /** Of the next batch; null = all that were there have had their turn. */
  next_cursor: string | null;
  /** Why the batch ended before its time: Kafka is away. It may be gone on with later. */
  stopped_by: 'kafka_unavailable' | null;
}

export type ShownDeadLetter = DeadLetterSummary & ShownMessage;

/** Letters looked at for one request. */
export const lettersPerBatch = 50;

export class DeadLetterAdmin {
  readonly #ports: DeadLetterAdminPorts;

  constructor(ports: DeadLetterAdminPorts) {
    this.#ports = ports;
  }

  /** @param filter its brand is one of the actor's. @throws InvalidInputError for a wrong cursor */
  list(
    actor: Actor,
    filter: DeadLetterFilter,
    page: { cursor?: string; limit?: number },
  ): Promise<{ items: DeadLetterSummary[]; nextCursor: string | null }> {
    const brand = filter.brand ?? scopeOf(actor);
    return this.#ports.letters.list({ ...filter, ...(brand !== undefined && { brand }) }, page);
  }

  countOpen(actor: Actor): Promise<ReasonCount[]> {
    return this.#ports.letters.countOpen(scopeOf(actor));
  }

  /** @throws PermanentError `dead_letter_not_found`, also for one that the actor may not see */
  async show(actor: Actor, id: string): Promise<ShownDeadLetter> {
    const { original, ...summary } = await this.#visible(actor, id);
    return { ...summary, ...showMessage(original) };
  }

  /**
   * @param request `Idempotency-Key`: the same request sent again sends nothing and answers with the letter
   * @throws PermanentError `dead_letter_not_found`, `not_resendable`, `dead_letter_resent`, `resend_refused`;
   *   RetryableError `kafka_unavailable`: nothing was sent, `resend_unknown`: it may have been, and is not sent again
   */
  async resend(actor: Actor, id: string, request: string | null): Promise<DeadLetterSummary> {
    const letter = await this.#visible(actor, id);
    if (letter.obstacle !== null) throw notResendable(letter);
    const claim = sha256(JSON.stringify([actor.by, request ?? randomUUID()]));
    if (letter.state === 'open') {
      await this.#ports.origins.check(letter.origin.topic);
      const outcome = await this.#send(actor, letter, claim, {});
      if (outcome === 'unknown') throw resendUnknown();
      if (outcome === 'refused') throw resendRefused();
      if (outcome === 'sent') return withoutOriginal(await this.#visible(actor, id));
    }
    if (!(await this.#ports.letters.isClaimedBy(id, claim))) throw alreadyResent();
    const now = await this.#visible(actor, id);
    if (now.state === 'unknown') throw resendUnknown();
    return withoutOriginal(now);
  }

  /**
   * Sends some letters of a reason again, the oldest first: those that were there when the first batch began.
   * @param cursor of the batch before
   * @throws InvalidInputError for a wrong cursor, RetryableError `kafka_unavailable`: nothing was sent
   */
  async resendBatch(actor: Actor, reason: string, cursor: string | null): Promise<ResendBatch> {
    const { letters, origins } = this.#ports;
    const progress: ResendProgress =
      cursor === null ? { reason, ends: await origins.readEnds(), after: null } : readProgress(cursor, reason);
    const found = await letters.openOf(reason, scopeOf(actor), progress.after, lettersPerBatch);
    const results: ResendBatch['results'] = [];
    let { after } = progress;
    const end = (stopped_by: ResendBatch['stopped_by'], isLast: boolean): ResendBatch => {
      const next_cursor = isLast ? null : writeProgress({ ...progress, after });
      return { results, next_cursor, stopped_by };
    };
    const due = found.filter((summary) => wasThere(progress.ends, summary));
    for (const topic of new Set(due.map(({ origin }) => origin.topic))) await origins.check(topic);
    for (const summary of found) {
      after = { at: summary.at, id: summary.dead_letter_id };
      if (!due.includes(summary)) continue;
      const outcome = await this.#sendOne(actor, summary, reason);
      results.push({ dead_letter_id: summary.dead_letter_id, outcome });
      // The next ones would be claimed and not sent, either.
      if (outcome === 'unknown') return end('kafka_unavailable', false);
    }
    return end(null, found.length < lettersPerBatch);
  }

  async #sendOne(
    actor: Actor,
    { dead_letter_id }: DeadLetterSummary,
    allOf: string,
  ): Promise<ResendBatch['results'][number]['outcome']> {
    const letter = await this.#ports.letters.get(dead_letter_id);
    if (letter === null) return 'taken';
    return this.#send(actor, letter, sha256(randomUUID()), { all_of: allOf });
  }

  async #send(
    actor: Actor,
    letter: KeptDeadLetter,
    claim: string,
    more: object,
  ): Promise<ResendBatch['results'][number]['outcome']> {
    const { letters, origins, audited } = this.#ports;
    const { dead_letter_id: id, reason, brand, origin } = letter;
    const what = { reason, origin, ...more };
    const note = { operation: 'dead_letter.resend', target: `dead_letter/${id}`, brand, by: actor.by, what } as const;
    const act = async (): Promise<'sent'> => {
      if (!(await letters.claim(id, actor.by, new Date().toISOString(), claim))) throw alreadyResent();
      const published = await origins.publish(origin, letter.original);
      if (published.outcome === 'refused') {
        await letters.release(id, claim);
        throw resendRefused();
      }
      if (published.outcome === 'unknown') throw resendUnknown();
      try {
        await letters.sent(id, claim, published.to);
      } catch (error) {
        throw resendUnknown(error);
      }
      return 'sent';
    };
    try {
      return await audited(note, act);
    } catch (error) {
      if (!(error instanceof PermanentError || error instanceof RetryableError)) throw error;
      if (error.code === 'dead_letter_resent') return 'taken';
      if (error.code === 'resend_refused') return 'refused';
      if (error.code === 'resend_unknown') return 'unknown';
      throw error;
    }
  }

  async #visible({ brands }: Actor, id: string): Promise<KeptDeadLetter> {
    const letter = await this.#ports.letters.get(id);
    const isVisible = brands === null || (letter?.brand != null && brands.includes(letter.brand));
    if (letter === null || !isVisible) {
      throw new PermanentError('dead_letter_not_found', 'There is no such dead letter.');
    }
    return letter;
  }
}

function scopeOf({ brands }: Actor): string[] | undefined {
  return brands === null ? undefined : [...brands];
}

function withoutOriginal({ original: _original, ...summary }: KeptDeadLetter): DeadLetterSummary {
  return summary;
}

function notResendable({ obstacle }: KeptDeadLetter): PermanentError {
  const why = {
    cut: 'the whole message was not kept',
    batch: 'it stands for a batch of messages that cannot be read',
    origin: 'it came from no topic of platform events',
    null: '',
  }[`${obstacle}`];
  return new PermanentError('not_resendable', `This dead letter cannot be sent again: ${why}.`);
}

function alreadyResent(): PermanentError {
  return new PermanentError('dead_letter_resent', 'This dead letter has been sent again before, or is being sent.');
}

function resendRefused(): PermanentError {
  return new PermanentError('resend_refused', 'Kafka refuses the message: it was not sent.');
}

function resendUnknown(cause?: unknown): RetryableError {
  const message = 'No answer came in time: the message may have been sent, so it is not sent again.';
  return new RetryableError('resend_unknown', message, { cause, unanswered: true });
}
