/**
 * What a subscription is sent of a partition. As long as it keeps up, events are sent as they come. One that does not,
 * or is paused, gets a cursor in the store, and is sent the events from there out of the store until it has caught up:
 * so it holds up neither the partition nor others, and nothing is lost.
 */
import type { KeptEvent, LifecycleFilter, OffsetRange } from '#libs/domain/runs/lifecycle-log.ts';
import { backlogId, type DeliveryCursor } from '#libs/domain/subscriptions/delivery.ts';
import type { StoredSubscription } from '#libs/domain/subscriptions/subscription.ts';
import { Progress, type FirstAttempts, type Recipient } from './first-attempts.ts';

/** Where the partition stands, as far as its owner has seen it. */
export interface PartitionState {
  topicId: string;
  partition: number;
  /** First offset that was not yet given to the feeds. */
  next: number;
}

/** Each waits for the store. */
export interface FeedPorts {
  attempts: Pick<FirstAttempts, 'send'>;
  read(range: OffsetRange, filter: LifecycleFilter, limit: number): Promise<KeptEvent[]>;
  /** Makes the cursor, owned by this process. */
  put(cursor: Omit<DeliveryCursor, 'owner'>): Promise<void>;
  /** @returns false when it is another's, or gone */
  move(cursorId: string, next: number): Promise<boolean>;
  remove(cursorId: string): Promise<void>;
  /** Those of these events that the subscription has taken. */
  delivered(subscriptionId: string, events: readonly KeptEvent[]): Promise<Set<string>>;
  /** Told of what should not happen: the feed tries again later. */
  report(error: unknown): void;
}

/** Events that are read out of the store together. */
const pageSize = 200;
/** Behind every offset: a text of 16 digits. */
const endOfTopic = Number.MAX_SAFE_INTEGER;

/** Events on their way. */
export interface Taken {
  /** Resolves when each is sent or in a queue, and when nothing more is to be sent now. */
  sent: Promise<void>;
  progress: Progress;
  /** Goes on with what is left at its own pace. Resolves when it stands behind a cursor that is stored. */
  hold(): Promise<void>;
}

export type FeedCursor = Omit<DeliveryCursor, 'owner'>;

export class Feed {
  readonly subscriptionId: string;
  readonly #ports: FeedPorts;
  readonly #recipient: Recipient;
  readonly #partition: Readonly<PartitionState>;
  readonly #signal: AbortSignal;
  /** Null while events are sent as they come. */
  #cursor: FeedCursor | null;
  #working: Promise<void> | null = null;
  readonly #isRedelivery: boolean;
  #isLost = false;
  /** The cursor is made and removed in turn. */
  #stored: Promise<unknown> = Promise.resolve();

  /**
   * @param cursor where it stands, for one that does not keep up; it is in the store, and ours
   * @param signal aborted when the partition is no longer ours
   */
  constructor(
    subscriptionId: string,
    ports: FeedPorts,
    recipient: Recipient,
    partition: Readonly<PartitionState>,
    signal: AbortSignal,
    cursor: FeedCursor | null = null,
  ) {
    this.subscriptionId = subscriptionId;
    this.#isRedelivery = cursor !== null && cursor.redelivery_id !== null;
    this.#ports = ports;
    this.#recipient = recipient;
    this.#partition = partition;
    this.#signal = signal;
    this.#cursor = cursor;
  }

  /** Null while it keeps up, and for a redelivery that has come to its end. */
  get cursor(): FeedCursor | null {
    return this.#cursor;
  }

  /**
   * The next events of the partition.
   * @param events those the subscription is for, at least one
   * @param next first offset behind them and those that are for others
   * @returns null where they are read out of the store when their turn comes
   */
  take(events: readonly KeptEvent[], next: number): Taken | null {
    if (this.#cursor !== null) return null;
    const { lane, current } = this.#recipient;
    const progress = new Progress(events);
    const isReady = current() !== null && !lane.isHeldUp;
    const sent = isReady
      ? this.#ports.attempts.send(this.#recipient, events, progress, this.#signal)
      : Promise.resolve();
    return { sent, progress, hold: () => this.#hold(sent, progress.undone, next) };
  }

  /** A redelivery that has come to its end, of which nothing is left in the store. */
  get isDone(): boolean {
    return this.#isRedelivery && this.#cursor === null && this.#working === null;
  }

  /** The cursor is another's: this feed does nothing more. */
  get isLost(): boolean {
    return this.#isLost;
  }

  /** Goes on with what lies behind, where the subscription can be sent to. Returns at once. */
  work(): void {
    if (this.#cursor === null || this.#working !== null || this.#isLost) return;
    if (this.#recipient.current() !== null) this.#run(() => this.#catchUp());
  }

  /** Resolves when no attempt is under way. */
  async idle(): Promise<void> {
    await this.#working;
  }

  #run(work: () => Promise<void>): void {
    const working = work()
      .catch((error: unknown) => this.#signal.aborted || this.#ports.report(error))
      .then(() => {
        // It may fall behind again while its cursor is still being removed: others are at work then.
        if (this.#working === working) this.#working = null;
      });
    this.#working = working;
  }

  async #hold(sent: Promise<void>, undone: ReadonlySet<number>, next: number): Promise<void> {
    if (undone.size === 0) return;
    this.#run(async () => {
      await sent;
      const isOurs = await this.#move(undone.size === 0 ? next : Math.min(...undone));
      if (isOurs) await this.#catchUp();
    });
    await this.#fallBehind(undone);
  }

  async #fallBehind(undone: ReadonlySet<number>): Promise<void> {
    this.#signal.throwIfAborted();
    const { topicId: topic_id, partition } = this.#partition;
    const { subscriptionId: subscription_id } = this;
    const cursor_id = backlogId(subscription_id, partition);
    const range = { next: Math.min(...undone), until: null, redelivery_id: null, only_failed: false };
    const cursor = { cursor_id, subscription_id, topic_id, partition, ...range };
    this.#cursor = cursor;
    await this.#store(() => this.#ports.put(cursor));
  }

  async #catchUp(): Promise<void> {
    for (;;) {
      const { current } = this.#recipient;
      const cursor = this.#cursor;
      const subscription = current();
      this.#signal.throwIfAborted();
      if (cursor === null || subscription === null) return;
      const end = this.#end(cursor);
      if (cursor.next >= end) {
        // From here on events are sent as they come, also those of a chunk that is taken before the cursor is removed.
        this.#cursor = null;
        return this.#store(() => this.#ports.remove(cursor.cursor_id));
      }
      if (!(await this.#sendPage(cursor, subscription, end))) return;
    }
  }

  /** @returns false when nothing more is to be sent now */
  async #sendPage(cursor: FeedCursor, subscription: StoredSubscription, end: number): Promise<boolean> {
    const { topic_id: topicId, partition, next: from } = cursor;
    const range = { topicId, partition, from, to: end };
    const page = await this.#ports.read(range, toFilter(subscription), pageSize);
    const isAll = page.length < pageSize;
    const events = cursor.only_failed ? await this.#withoutDelivered(subscription, page) : page;
    const progress = new Progress(events);
    await this.#ports.attempts.send(this.#recipient, events, progress, this.#signal);
    const { undone } = progress;
    if (undone.size > 0) return (await this.#move(Math.min(...undone))) && this.#recipient.current() !== null;
    if (!isAll) return this.#move(page.at(-1)!.offset + 1);
    return end === endOfTopic ? this.#moveToNewTopic(cursor) : this.#move(end);
  }

  async #withoutDelivered({ subscription_id }: StoredSubscription, events: KeptEvent[]): Promise<KeptEvent[]> {
    const delivered = await this.#ports.delivered(subscription_id, events);
    return events.filter(({ eventId }) => !delivered.has(eventId));
  }

  /** @returns false when the cursor is another's, or gone */
  async #move(next: number): Promise<boolean> {
    const cursor = this.#cursor!;
    this.#cursor = { ...cursor, next };
    await this.#stored;
    const isOurs = await this.#ports.move(cursor.cursor_id, next);
    this.#isLost = !isOurs;
    return isOurs;
  }

  /** What was kept of the topic before it was made anew is sent: the new one follows, from its beginning. */
  async #moveToNewTopic(cursor: FeedCursor): Promise<boolean> {
    const moved = { ...cursor, topic_id: this.#partition.topicId, next: 0 };
    this.#cursor = moved;
    await this.#store(() => this.#ports.put(moved));
    return true;
  }

  #end({ topic_id, until }: FeedCursor): number {
    if (until !== null) return until;
    return topic_id === this.#partition.topicId ? this.#partition.next : endOfTopic;
  }

  #store(write: () => Promise<void>): Promise<void> {
    const storing = this.#stored.then(write);
    this.#stored = storing.catch(() => undefined);
    return storing;
  }
}

function toFilter({ types, rule_id, brands }: StoredSubscription): LifecycleFilter {
  return {
    ...(types !== null && { types }),
    ...(rule_id !== null && { processId: rule_id }),
    ...(brands !== null && { tenants: brands }),
  };
}
