/** How far account.push has been processed, by this member of the consumer group and the others. */
import type { RunLedger } from '#libs/domain/runs/run-ledger.ts';
import type { KafkaCluster } from '#libs/kafka/cluster.ts';
import type { KafkaConnection } from '#libs/kafka/ports.ts';
import { withAdmin } from '#libs/kafka/with-admin.ts';

/** A topic that makes no progress for so long holds nothing up any more. */
const stalledMs = 5 * 60_000;

interface Goal {
  /** When the ends were looked at, milliseconds since 1970. */
  at: number;
  /** First offset that was not there then, by partition. */
  ends: Map<number, bigint>;
}

export class AccountProgress {
  readonly #kafka: Pick<KafkaConnection, 'admin'>;
  readonly #cluster: Pick<KafkaCluster, 'id' | 'topicId'>;
  readonly #ledger: Pick<RunLedger, 'watermark'>;
  /** Full name. */
  readonly #topic: string;
  readonly #now: () => number;
  #goal: Goal | null = null;
  #reached = 0;
  #seen = { sum: 0n, since: 0 };

  constructor(
    kafka: Pick<KafkaConnection, 'admin'>,
    cluster: Pick<KafkaCluster, 'id' | 'topicId'>,
    ledger: Pick<RunLedger, 'watermark'>,
    topic: string,
    now: () => number = Date.now,
  ) {
    this.#kafka = kafka;
    this.#cluster = cluster;
    this.#ledger = ledger;
    this.#topic = topic;
    this.#now = now;
  }

  /**
   * @returns a time, in milliseconds since 1970: what was published before it has been processed, or nothing of the
   * topic has been processed for five minutes
   * @throws what the store and the client of Kafka throw
   */
  async processedUpTo(): Promise<number> {
    this.#goal ??= await this.#look();
    const { at, ends } = this.#goal;
    let open = false;
    let sum = 0n;
    for (const [partition, end] of ends) {
      const next = await this.#next(partition);
      sum += next;
      if (next < end) open = true;
    }
    if (sum !== this.#seen.sum) this.#seen = { sum, since: this.#now() };
    if (open && this.#now() - this.#seen.since < stalledMs) return this.#reached;
    this.#reached = at;
    this.#goal = null;
    return at;
  }

  async #next(partition: number): Promise<bigint> {
    const { id: cluster } = this.#cluster;
    const topicId = this.#cluster.topicId(this.#topic);
    const stored = await this.#ledger.watermark({ cluster, topic: this.#topic, topicId, partition });
    return stored?.watermark.next ?? 0n;
  }

  async #look(): Promise<Goal> {
    const at = this.#now();
    const offsets = await withAdmin(this.#kafka, (admin) => admin.listOffsets(this.#topic));
    // An empty partition has nothing to wait for, wherever its offsets begin.
    const filled = offsets.filter(({ earliest, latest }) => earliest !== latest);
    return { at, ends: new Map(filled.map(({ partition, latest }) => [partition, latest])) };
  }
}
