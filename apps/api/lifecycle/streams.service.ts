/** The streams of this process: how many there may be, and their end. */
import type { OnModuleDestroy } from '@nestjs/common';
import type { Response } from 'express';
import type { Gauge } from 'prom-client';
import type { LifecycleStreamQuery } from '#libs/contracts/list-query.schema.ts';
import type { EventReader } from '#libs/lifecycle/event-reader.ts';
import { parsePosition, type Position } from '#libs/lifecycle/position.ts';
import type { Logger } from '#libs/telemetry/logger.ts';
import { ApiError } from '../http/api.error.ts';
import type { Session } from '../auth/authenticate.ts';
import type { EventVisibility } from './event-visibility.ts';
import { EventStream } from './event-stream.ts';
import { toFilter } from './lifecycle.service.ts';
import type { RecentEvents } from './recent-events.ts';

export interface StreamsOptions {
  reader: EventReader;
  recent: RecentEvents;
  visibility: EventVisibility;
  /** At once: of all users, and of one. */
  limits: { all: number; perUser: number };
  /** Milliseconds. */
  streamMs: number;
  stallMs: number;
  open: Pick<Gauge, 'set'>;
  log: Logger;
}

export class StreamsService implements OnModuleDestroy {
  readonly #options: StreamsOptions;
  readonly #byUser = new Map<string, number>();
  readonly #ending = new AbortController();

  constructor(options: StreamsOptions) {
    this.#options = options;
  }

  /**
   * Resolves when the stream has ended.
   * @param lastEventId the header; before `after`, since a reader that comes back sends the address it came with
   * @throws ApiError 429 `too_many_requests`, InvalidInputError for a position that is none
   */
  async open(
    session: Session,
    { after: given, ...query }: LifecycleStreamQuery,
    lastEventId: string | undefined,
    response: Response,
  ): Promise<void> {
    const { reader, recent, visibility, streamMs, stallMs, log } = this.#options;
    const filter = toFilter(session, query);
    const after = await this.#checked(lastEventId, given);
    const leave = this.#enter(session.userId);
    try {
      const ending = AbortSignal.any([this.#ending.signal, AbortSignal.timeout(streamMs)]);
      const textOf = visibility.textFor.bind(visibility);
      const options = { reader, recent, filter, after, stallMs, ending, log };
      await new EventStream(response, { ...options, textOf: (event) => textOf(event, session) }).run();
    } finally {
      leave();
    }
  }

  onModuleDestroy(): void {
    this.#ending.abort();
  }

  /** What lies behind the end is refused before the stream begins; one that is too old is answered in it. */
  async #checked(lastEventId: string | undefined, after: string | undefined): Promise<Position | null> {
    const text = lastEventId ?? after;
    if (text === undefined) return null;
    const position = parsePosition(text, lastEventId === undefined ? 'after' : 'Last-Event-ID');
    await this.#options.reader.check(position);
    return position;
  }

  #enter(userId: string): () => void {
    const { limits, open } = this.#options;
    const { all, perUser } = limits;
    const own = this.#byUser.get(userId) ?? 0;
    if (own >= perUser || this.#total >= all) {
      const message = `Too many streams are open: at most ${perUser} of one user and ${all} of all.`;
      throw new ApiError(429, 'too_many_requests', message, [], 30);
    }
    this.#byUser.set(userId, own + 1);
    open.set(this.#total);
    return () => {
      const left = (this.#byUser.get(userId) ?? 1) - 1;
      if (left === 0) this.#byUser.delete(userId);
      else this.#byUser.set(userId, left);
      open.set(this.#total);
    };
  }

  get #total(): number {
    return [...this.#byUser.values()].reduce((sum, count) => sum + count, 0);
  }
}
