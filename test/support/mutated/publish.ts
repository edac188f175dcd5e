/** Publishes messages as they are, in their order, some of them compressed. */
import kafkajs, { type Message } from 'kafkajs';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { askAsOperator, foreignKafka } from '../foreign-kafka.ts';
import { withNullHeaders } from '../null-headers.ts';
import type { RawMessage } from './draft.ts';
import type { Random } from './random.ts';

const { CompressionCodecs, CompressionTypes, ConfigResourceTypes } = kafkajs;
// It comes without types.
const snappy = createRequire(import.meta.url)('snappyjs') as { compress: (bytes: Buffer) => Buffer };
const gzipped = promisify(gzip);

const most = { messages: 40, bytes: 400_000 };
/** No time of a record is too far ahead, and none so old that it would be removed. */
const anyTime = { 'message.timestamp.after.max.ms': '9223372036854775807', 'retention.ms': '-1' };

/** @param prefix of the topics' names */
export async function publishRaw(prefix: string, messages: RawMessage[], random: Random): Promise<void> {
  writeCodecs();
  await allowAnyTime([...new Set(messages.map(({ topic }) => `${prefix}${topic}`))]);
  const producer = foreignKafka().producer({ allowAutoTopicCreation: false });
  await producer.connect();
  try {
    for (const group of grouped(messages)) {
      const compression = random.pick([CompressionTypes.None, CompressionTypes.GZIP, CompressionTypes.Snappy]);
      const topicMessages = [...new Set(group.map(({ topic }) => topic))].map((topic) => ({
        topic: `${prefix}${topic}`,
        messages: group.filter((one) => one.topic === topic).map(toKafka),
      }));
      await withNullHeaders(() => producer.sendBatch({ topicMessages, compression }));
    }
  } finally {
    await producer.disconnect();
  }
}

function toKafka({ key, value, headers, timestamp = String(Date.now()) }: RawMessage): Message {
  return { key, value, headers, timestamp };
}

function* grouped(messages: RawMessage[]): Generator<RawMessage[]> {
  let group: RawMessage[] = [];
  let bytes = 0;
  for (const message of messages) {
    const size = (message.value?.length ?? 0) + (message.key?.length ?? 0);
    if (group.length === most.messages || (group.length > 0 && bytes + size > most.bytes)) {
      yield group;
      group = [];
      bytes = 0;
    }
    group.push(message);
    bytes += size;
  }
  if (group.length > 0) yield group;
}

/** signalbox reads these codecs and writes none. */
function writeCodecs(): void {
  const writers = [
    [CompressionTypes.GZIP, (bytes: Buffer) => gzipped(bytes)],
    [CompressionTypes.Snappy, (bytes: Buffer) => Promise.resolve(snappy.compress(bytes))],
  ] as const;
  for (const [type, write] of writers) {
    const codec = (CompressionCodecs[type] as () => object)();
    CompressionCodecs[type] = () => ({ ...codec, compress: ({ buffer }: { buffer: Buffer }) => write(buffer) });
  }
}

async function allowAnyTime(topics: string[]): Promise<void> {
  const configEntries = Object.entries(anyTime).map(([name, value]) => ({ name, value }));
  const resources = topics.map((name) => ({ type: ConfigResourceTypes.TOPIC, name, configEntries }));
  await askAsOperator((admin) => admin.alterConfigs({ validateOnly: false, resources }));
}
