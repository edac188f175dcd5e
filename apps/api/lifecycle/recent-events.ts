/**
 * The latest lifecycle events, read once for all streams of the process and held in bounded number. Nothing is read
 * while no stream is open.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { KeptEvent } from '#libs/domain/runs/lifecycle-log.ts';
import { PositionTooOldError, type EventReader } from '#libs/lifecycle/event-reader.ts';
import type { Position } from '#libs/lifecycle/position.ts';
import type { Logger } from '#libs/telemetry/logger.ts';

/** Between two looks at the store, in milliseconds. */
const pollMs = 200;
const pauseMs = 1_000;
/** Read in one go, and held. */
const atOnce = 500;
const maxHeld = 2_000;

export class RecentEvents {
  readonly #reader: EventReader;
  readonly #log: Logger;
  readonly #waiting = new Set<() => void>();
  #followers = 0;
  #changes = 0;
  #isPolling = false;
  #events: KeptEvent[] = [];
  /** What is held lies between these two; null before anything was read. */
  #held: { from: Position; to: Position } | null = null;
  /** The store was empty at the last look: each event that it holds at the next one is new. */
  #wasEmpty = false;
  #isFailing = false;

  constructor(reader: EventReader, log: Logger) {
    this.#reader = reader;
    this.#log = log;
  }

  /** @returns what ends the following */
  follow(): () => void {
    this.#followers += 1;
    if (!this.#isPolling) void this.#poll();
    return () => (this.#followers -= 1);
  }

  /** Everything behind the position, or null where that is not held. */
  behind(position: Position): { events: KeptEvent[]; next: Position } | null {
    const held = this.#held;
    if (held === null || held.from.topicId !== position.topicId) return null;
    if (held.from.next.some((offset, partition) => (position.next[partition] ?? 0) < offset)) return null;
    const events = this.#events.filter(({ partition, offset }) => offset >= (position.next[partition] ?? 0));
    const next = held.to.next.map((offset, partition) => Math.max(offset, position.next[partition] ?? 0));
    return { events, next: { topicId: position.topicId, next } };
  }

  /** Grows whenever something was read. */
  get changes(): number {
    return this.#changes;
  }

  /** Resolves when something was read since `changes` was this, or after this time (milliseconds). */
  async changed(since: number, waitMs: number, signal: AbortSignal): Promise<void> {
    if (this.#changes !== since) return;
    const waiting = new AbortController();
    const change = (): void => waiting.abort();
    this.#waiting.add(change);
    await sleep(waitMs, undefined, { signal: AbortSignal.any([signal, waiting.signal]) }).catch(() => {});
    this.#waiting.delete(change);
  }

  async #poll(): Promise<void> {
    this.#isPolling = true;
    this.#held = null;
    this.#wasEmpty = false;
    this.#events = [];
    while (this.#followers > 0) {
      try {
        const isMore = await this.#read();
        this.#isFailing = false;
        if (!isMore) await sleep(pollMs, undefined, { ref: false });
      } catch (error) {
        if (!this.#isFailing) this.#log.warn({ err: error }, 'lifecycle events cannot be read: streams wait');
        this.#isFailing = true;
        await sleep(pauseMs, undefined, { ref: false });
      }
    }
    this.#isPolling = false;
  }

  /** @returns whether more is there */
  async #read(): Promise<boolean> {
    if (this.#held === null) {
      const wasEmpty = this.#wasEmpty;
      const begin = await (wasEmpty ? this.#reader.earliest() : this.#reader.latest());
      this.#wasEmpty = begin === null;
      if (begin !== null) this.#held = { from: begin, to: begin };
      return begin !== null && wasEmpty;
    }
    const page = await this.#reader.read(this.#held.to, {}, atOnce).catch((error: unknown) => {
      if (!(error instanceof PositionTooOldError)) throw error;
      // The topic was made anew: who follows reads on from the store.
      this.#held = null;
      this.#events = [];
      return null;
    });
    if (page === null || this.#held === null) return false;
    this.#events.push(...page.events.map(({ event }) => event));
    const from = { topicId: this.#held.from.topicId, next: [...this.#held.from.next] };
    for (const { partition, offset } of this.#events.splice(0, this.#events.length - maxHeld)) {
      from.next[partition] = offset + 1;
    }
    this.#held = { from, to: page.next };
    if (page.events.length > 0) {
      this.#changes += 1;
      for (const change of this.#waiting) change();
    }
    return !page.isAtEnd;
  }
}
