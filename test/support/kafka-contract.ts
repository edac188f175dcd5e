/** What the contract of `libs/kafka/ports.ts` is tried with. It speaks only the ports, so that any client can be tried. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { Chunk, ChunkHandler } from '#libs/kafka/chunk.ts';
import { createKafka } from '#libs/kafka/client.ts';
import type { KafkaConnection, KafkaConsumer, KafkaSettings } from '#libs/kafka/ports.ts';
import { withAdmin } from '#libs/kafka/with-admin.ts';
import { createLogger } from '#libs/telemetry/logger.ts';
import { servers, uniqueName } from './servers.ts';

export function connectKafka(more: Partial<KafkaSettings> = {}): KafkaConnection {
  return createKafka({ brokers: servers().kafka, tls: false, ...more }, createLogger('test', 'silent'));
}

/** @returns its name, once every partition has a leader */
export async function newTopic(kafka: KafkaConnection, partitions = 1): Promise<string> {
  const topic = uniqueName('contract');
  await withAdmin(kafka, async (admin) => {
    await admin.createTopics([topic], { partitions, replicationFactor: 1 });
    await expect.poll(() => admin.haveLeaders([topic]).catch(() => false)).toBe(true);
  });
  return topic;
}

/** In one request, so that they are fetched together. */
export async function publish(
  kafka: KafkaConnection,
  topic: string,
  values: string[],
  keyOf: (value: string) => string | null = () => null,
): Promise<void> {
  const producer = kafka.producer();
  await producer.send(values.map((value) => ({ topic, key: keyOf(value), value })));
  await producer.close();
}

export function numbered(count: number, from = 0): string[] {
  return Array.from({ length: count }, (_, index) => String(from + index));
}

/** @returns by partition; absent = nothing is committed */
export async function committed(kafka: KafkaConnection, groupId: string, topic: string): Promise<Map<number, bigint>> {
  const all = await withAdmin(kafka, (admin) => admin.committedOffsets(groupId, [topic]));
  return all.get(topic) ?? new Map<number, bigint>();
}

/** A chunk that a member was given, and what became of it. */
export interface Call extends Chunk {
  signal: AbortSignal;
  /** Both by `performance.now()`; infinite while it is under way. */
  since: number;
  until: number;
  isDone: boolean;
}

export interface MemberOptions {
  groupId: string;
  topic: string;
  chunkSize?: number;
  /** What is done with a chunk. */
  work?: ChunkHandler['process'];
  /** Null: the consumer commits only what it is told. */
  commit?: ChunkHandler['commit'] | null;
}

export class Member {
  readonly calls: Call[] = [];
  readonly consumer: KafkaConsumer;
  /** Partitions of the last assignment. */
  assigned: number[] = [];

  constructor(kafka: KafkaConnection, { groupId, topic, chunkSize = 10, work, commit }: MemberOptions) {
    const handler: ChunkHandler = {
      process: async (chunk, signal) => {
        const call = { ...chunk, signal, since: performance.now(), until: Infinity, isDone: false };
        this.calls.push(call);
        try {
          await work?.(chunk, signal);
          call.isDone = true;
        } finally {
          call.until = performance.now();
        }
      },
      ...(commit === null ? {} : { commit: async (last, signal) => commit?.(last, signal) }),
    };
    this.consumer = kafka.consumer({
      groupId,
      topics: [topic],
      handler,
      chunkSize,
      partitionsAtOnce: 8,
      prepare: () => Promise.resolve(),
      assigned: (assignment) => (this.assigned = assignment[topic] ?? []),
      verify: () => Promise.resolve(),
    });
  }

  /** Chunks that were processed, in the order in which they began. */
  get done(): Call[] {
    return this.calls.filter(({ isDone }) => isDone);
  }
}

const running = new Set<Member>();
const processes = new Set<MemberProcess>();

export function startMember(kafka: KafkaConnection, options: MemberOptions): Member {
  const member = new Member(kafka, options);
  running.add(member);
  member.consumer.start();
  return member;
}

/** Lets what is under way end, unless told otherwise. */
export async function stopMember(member: Member, graceMs = 60_000): Promise<void> {
  running.delete(member);
  await member.consumer.stop(graceMs);
}

/** Those in processes of their own are killed. */
export async function stopMembers(): Promise<void> {
  await Promise.all([...running].map((member) => stopMember(member, 0)));
  await Promise.all([...processes].map((member) => member.kill()));
  processes.clear();
}

export function valuesOf(calls: readonly Call[]): string[] {
  return calls.flatMap(({ messages }) => messages.map(({ value }) => String(value)));
}

export function offsetsOf(calls: readonly Call[]): number[] {
  return calls.flatMap(({ messages }) => messages.map(({ offset }) => Number(offset)));
}

/** Chunks that begin behind what was processed of their partition until then. @param from where the partitions begin */
export function gapsIn(calls: readonly Call[], from = 0n): string[] {
  const reached = new Map<number, bigint>();
  const gaps: string[] = [];
  for (const { partition, first, next } of calls.toSorted((a, b) => a.since - b.since)) {
    const until = reached.get(partition) ?? from;
    if (first > until) gaps.push(`partition ${partition}: ${until} to ${first}`);
    if (next > until) reached.set(partition, next);
  }
  return gaps;
}

/** Work on a partition by one member while another was at it. */
export function overlapsOf(one: Member, other: Member): string[] {
  return one.calls.flatMap((a) =>
    other.calls
      .filter((b) => a.partition === b.partition && a.since < b.until && b.since < a.until)
      .map((b) => `partition ${a.partition}: ${a.first} to ${a.next}, and ${b.first} to ${b.next}`),
  );
}

/** What a process of its own has processed. */
export interface Seen {
  partition: number;
  offset: number;
  value: string;
}

export interface ProcessOptions {
  settings: KafkaSettings;
  groupId: string;
  topic: string;
  /** What it publishes first, over its own connection. */
  values?: string[];
  /** How long it works on each message. */
  workMs?: number;
  env?: Record<string, string>;
}

export interface MemberProcess {
  readonly seen: readonly Seen[];
  /** What it complained of when it ended by itself. */
  readonly ended: Promise<string>;
  /** SIGKILL. Resolves when it is gone and everything it has said was heard. */
  kill(): Promise<void>;
}

const program = fileURLToPath(new URL('kafka-member.mjs', import.meta.url));
const compiled = new URL('../../dist/libs/', import.meta.url);

/** A member in a process of its own, on the compiled code. */
export function startMemberProcess({ env, ...options }: ProcessOptions): MemberProcess {
  const args = [program, new URL('kafka/client.js', compiled).href, new URL('telemetry/logger.js', compiled).href];
  const child = spawn(process.execPath, [...args, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  const seen: Seen[] = [];
  let complaints = '';
  createInterface({ input: child.stdout }).on('line', (line) => seen.push(JSON.parse(line) as Seen));
  child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  const closed = once(child, 'close');
  const member = {
    seen,
    ended: closed.then(() => complaints),
    kill: async () => {
      child.kill('SIGKILL');
      await closed;
    },
  };
  processes.add(member);
  return member;
}
