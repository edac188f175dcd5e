/**
 * Kafka's own ids of topics (KIP-516). A topic that was deleted and made anew under its name has another id, and other
 * messages under the same offsets. kafkajs 2.2 asks for metadata in a version that does not know them yet, so this asks
 * for version 10 over a connection of kafkajs.
 * @see https://kafka.apache.org/protocol#The_Messages_Metadata
 */
import { createRequire } from 'node:module';
import type { Kafka } from 'kafkajs';

interface Encoder {
  writeUVarInt(value: number): Encoder;
  writeUVarIntBytes(value?: Buffer): Encoder;
  writeUVarIntString(value: string): Encoder;
  writeUVarIntArray(items: Encoder[]): Encoder;
  writeBoolean(value: boolean): Encoder;
  writeBufferInternal(value: Buffer): void;
}
interface Decoder {
  readInt16(): number;
  readInt32(): number;
  readBoolean(): boolean;
  readBytes(length: number): Buffer;
  readUVarIntString(): string | null;
  readUVarIntArray<Item>(read: (decoder: Decoder) => Item): Item[] | null;
  readTaggedFields(): unknown;
}
interface Broker {
  versions: Record<number, { minVersion: number; maxVersion: number }> | null;
  connectionPool: { send(request: object): Promise<unknown> };
}
interface Cluster {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  refreshMetadata(): Promise<void>;
  findControllerBroker(): Promise<Broker>;
}

const requireOwn = createRequire(import.meta.url);
const EncoderClass = requireOwn('kafkajs/src/protocol/encoder.js') as new () => Encoder;
const DecoderClass = requireOwn('kafkajs/src/protocol/decoder.js') as new (data: Buffer) => Decoder;

const metadata = { apiKey: 3, apiVersion: 10, apiName: 'Metadata' };
const uuidBytes = 16;
const noId = Buffer.alloc(uuidBytes);

/**
 * @param topics full names
 * @returns the ids as 22 characters of base64url, as Kafka's own tools print them; null for a broker older than 2.8, and
 * for a topic that is not there
 * @throws what kafkajs throws while no broker answers
 */
export async function topicIds(kafka: Kafka, topics: readonly string[]): Promise<Map<string, string | null>> {
  const ids = new Map<string, string | null>(topics.map((topic) => [topic, null]));
  const cluster = findCluster(kafka);
  try {
    await cluster.connect();
    await cluster.refreshMetadata();
    const broker = await cluster.findControllerBroker();
    if ((broker.versions?.[metadata.apiKey]?.maxVersion ?? 0) < metadata.apiVersion) return ids;
    const found = (await broker.connectionPool.send({ request: requestFor(topics), response })) as [string, string][];
    for (const [topic, id] of found) ids.set(topic, id);
    return ids;
  } finally {
    await cluster.disconnect();
  }
}

/** What kafkajs makes its consumers and producers from. */
function findCluster(kafka: Kafka): Cluster {
  const symbol = Object.getOwnPropertySymbols(kafka).find(({ description }) => description?.endsWith('createCluster'));
  if (symbol === undefined) throw new TypeError('this kafkajs has no createCluster');
  const create = (kafka as unknown as Record<symbol, (options: object) => Cluster>)[symbol]!;
  return create.call(kafka, { metadataMaxAge: 0, allowAutoTopicCreation: false });
}

function requestFor(topics: readonly string[]): object {
  const encode = (): Promise<Encoder> => {
    const wanted = topics.map((topic) => {
      const encoder = new EncoderClass();
      encoder.writeBufferInternal(noId);
      return encoder.writeUVarIntString(topic).writeUVarIntBytes();
    });
    return Promise.resolve(
      new EncoderClass()
        // The tagged fields of the header, then the body.
        .writeUVarIntBytes()
        .writeUVarIntArray(wanted)
        .writeBoolean(false)
        .writeBoolean(false)
        .writeBoolean(false)
        .writeUVarIntBytes(),
    );
  };
  return { ...metadata, encode };
}

const response = {
  decode: (data: Buffer): Promise<[string, string][]> => Promise.resolve(idsIn(new DecoderClass(data))),
  parse: (ids: [string, string][]): Promise<[string, string][]> => Promise.resolve(ids),
};

function idsIn(decoder: Decoder): [string, string][] {
  decoder.readTaggedFields();
  decoder.readInt32();
  decoder.readUVarIntArray((broker) => {
    broker.readInt32();
    broker.readUVarIntString();
    broker.readInt32();
    broker.readUVarIntString();
    broker.readTaggedFields();
  });
  decoder.readUVarIntString();
  decoder.readInt32();
  const topics = decoder.readUVarIntArray((topic): [string, string] | null => {
    const error = topic.readInt16();
    const name = topic.readUVarIntString();
    const id = topic.readBytes(uuidBytes);
    topic.readBoolean();
    topic.readUVarIntArray(skipPartition);
    topic.readInt32();
    topic.readTaggedFields();
    return error !== 0 || name === null || id.equals(noId) ? null : [name, id.toString('base64url')];
  });
  return (topics ?? []).filter((topic) => topic !== null);
}

function skipPartition(decoder: Decoder): void {
  decoder.readInt16();
  decoder.readInt32();
  decoder.readInt32();
  decoder.readInt32();
  for (let list = 0; list < 3; list++) decoder.readUVarIntArray((replicas) => replicas.readInt32());
  decoder.readTaggedFields();
}
