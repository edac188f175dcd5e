/** Records event types that are not declared. A process asks the store once for each name, and then its memory. */
import type { PlatformEvent } from '#libs/domain/events/platform-event.ts';
import {
  isUnannounced,
  toObservedEventType,
  type ObservedEventTypes,
} from '#libs/domain/context/observed-event-type.ts';
import type { Logger } from '#libs/telemetry/logger.ts';

export interface ObservedEventTypeRecorderOptions {
  store: ObservedEventTypes;
  /** Producers may invent names without end: further ones are matched like any other, and not noted. */
  most: number;
  log: Logger;
}

export class ObservedEventTypeRecorder {
  readonly #options: ObservedEventTypeRecorderOptions;
  /** Null until the store was asked what it knows. */
  #noted: Set<string> | null = null;
  #isFull = false;

  constructor(options: ObservedEventTypeRecorderOptions) {
    this.#options = options;
  }

  /** The first event of each new type. */
  news(events: readonly PlatformEvent[]): (PlatformEvent & { trigger: string })[] {
    if (this.#isFull) return [];
    const found = new Map<string, PlatformEvent & { trigger: string }>();
    let last: string | null = null;
    for (const event of events) {
      const { trigger } = event;
      // Events of one type come one after the other.
      if (trigger === null || trigger === last) continue;
      last = trigger;
      if (this.#noted?.has(trigger) || found.has(trigger) || !isUnannounced(event)) continue;
      found.set(trigger, { ...event, trigger });
    }
    return [...found.values()];
  }

  /** Idempotent. @throws what the store throws */
  async note(news: readonly (PlatformEvent & { trigger: string })[], now: number = Date.now()): Promise<void> {
    const { store, most, log } = this.#options;
    this.#noted ??= new Set((await store.list()).map(({ name }) => name));
    const noted = this.#noted;
    const unknown = news.filter(({ trigger }) => !noted.has(trigger));
    const kept = unknown.slice(0, Math.max(0, most - noted.size));
    const at = new Date(now).toISOString();
    await store.add(kept.map((event) => toObservedEventType(event, at)));
    for (const { trigger } of kept) noted.add(trigger);
    if (kept.length === unknown.length) return;
    this.#isFull = true;
    log.warn(
      { most, trigger: unknown[kept.length]?.trigger },
      'more types of events than OBSERVED_EVENT_TYPES are not noted',
    );
  }
}
