/** Opens a range of offsets again: the ingress that holds the partition reads it once more. */
import type { Config } from '#libs/config/config.ts';
import { InvalidInputError, messageOf, PermanentError, RetryableError } from '#libs/domain/errors/errors.ts';
import type { RunLedger } from '#libs/domain/runs/run-ledger.ts';
import { withReopened, type OffsetRange } from '#libs/domain/events/watermark.ts';
import { createKafka } from '#libs/kafka/client.ts';
import { topicName } from '#libs/kafka/topics.ts';
import { createLogger } from '#libs/telemetry/logger.ts';

interface Wanted extends OffsetRange {
  /** Logical name. */
  topic: string;
  partition: number;
}

/**
 * @returns the part of the range that Kafka still has and that was reached before
 * @throws RetryableError `kafka_unavailable`, PermanentError `nothing_to_reprocess`, InvalidInputError for a partition
 * there is not
 */
export async function reopenRange(settings: Config['kafka'], ledger: RunLedger, wanted: Wanted): Promise<OffsetRange> {
  const name = topicName(settings, wanted.topic);
  const { cluster, topicId, low } = await lookUp(settings, name, wanted.partition);
  const id = { cluster, topic: name, topicId, partition: wanted.partition };
  const from = wanted.from < low ? low : wanted.from;
  for (;;) {
    const stored = await ledger.watermark(id);
    const next = withReopened(stored?.watermark ?? null, { from, to: wanted.to });
    if (stored === null || next === null) {
      const reached = stored === null ? 'nothing' : `the offsets below ${stored.watermark.next}`;
      throw new PermanentError(
        'nothing_to_reprocess',
        `Of the partition Kafka has the offsets from ${low}, and the ingress has processed ${reached}: ` +
          'nothing of the range was processed before. It will be processed when its turn comes.',
      );
    }
    if (await ledger.saveWatermark(id, next, stored.revision)) {
      return { from, to: wanted.to < stored.watermark.next ? wanted.to : stored.watermark.next };
    }
  }
}

async function lookUp(
  settings: Config['kafka'],
  topic: string,
  partition: number,
): Promise<{ cluster: string; topicId: string | null; low: bigint }> {
  const admin = createKafka(settings, createLogger('cli', 'silent')).admin();
  try {
    const cluster = await admin.clusterId();
    const offsets = await admin.listOffsets(topic);
    const own = offsets.find((one) => one.partition === partition);
    if (own === undefined) {
      const message = `there is no such partition: ${topic} has ${offsets.length}, counted from 0`;
      throw new InvalidInputError('The partition is unknown.', [{ path: '--partition', code: 'wrong_value', message }]);
    }
    const topicId = (await admin.topicIds([topic])).get(topic) ?? null;
    return { cluster, topicId, low: own.earliest };
  } catch (error) {
    if (error instanceof InvalidInputError) throw error;
    throw new RetryableError('kafka_unavailable', `Kafka cannot be asked: ${messageOf(error)}`, { cause: error });
  } finally {
    await admin.close();
  }
}
