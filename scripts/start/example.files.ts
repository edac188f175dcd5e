/** The files of `examples/`. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { readDirectoryFile, type DirectoryFile } from '#libs/contracts/directory.schema.ts';
import { parseMessages, type OutgoingMessage } from '../publish/messages.ts';

/** Where the example rules expect their webhooks' receiver; replaced when that port is taken. */
export const receiverInFiles = 'http://127.0.0.1:8090';

const runStatus = z.enum(['completed', 'failed', 'skipped']);
const actionStatus = z.enum(['completed', 'failed', 'skipped', 'not_run']);
const eventFile = z.strictObject({
  /** One line for the terminal. */
  about: z.string(),
  topic: z.string(),
  /** How often the very same event is delivered. */
  times: z.number().int().positive().default(1),
  value: z.record(z.string(), z.unknown()),
  /** What a run that asks for an approval is answered; with `--once` the examples answer it themselves. */
  answer: z.enum(['approve', 'reject']).optional(),
  expect: z.strictObject({
    runs: z.array(z.strictObject({ rule: z.string(), status: runStatus, actions: z.array(actionStatus) })),
    /** HTTP calls that reach the receiver. */
    webhooks: z.number().int().min(0),
    /** Mails and SMS that do. */
    messages: z.number().int().min(0).default(0),
  }),
});

export type Expectation = z.output<typeof eventFile>['expect'];

export interface ExampleEvent {
  about: string;
  eventId: string;
  message: OutgoingMessage;
  times: number;
  answer: 'approve' | 'reject' | null;
  expect: Expectation;
}

/**
 * @param suffix makes the events new: the same id never starts a run twice, not even on a later day
 * @param now event time, ISO 8601
 */
export function exampleEvents(folder: string, suffix: string, now: string): ExampleEvent[] {
  return files(join(folder, 'events'), '.json').map(({ path, text }) => {
    const parsed = eventFile.safeParse(JSON.parse(text));
    if (!parsed.success) throw new Error(`${path} is no example event:\n${z.prettifyError(parsed.error)}`);
    const { about, times, answer = null, expect, topic, value } = parsed.data;
    const eventId = `${String(value['id'])}-${suffix}`;
    const [message] = parseMessages(JSON.stringify({ topic, value: { ...value, id: eventId, occurredAt: now } }));
    if (message === undefined) throw new Error(`${path} holds no event`);
    return { about, eventId, message, times, answer, expect };
  });
}

/** @param receiver base URL that webhooks of the example rules go to */
export function exampleRules(folder: string, receiver: string): { path: string; content: unknown }[] {
  return files(join(folder, 'rules'), '.yaml').map(({ path, text }) => ({
    path,
    content: parse(text.replaceAll(receiverInFiles, receiver)) as unknown,
  }));
}

/** @param receiver base URL of the example endpoints */
export function exampleDirectory(folder: string, receiver: string): DirectoryFile {
  const path = join(folder, 'directory.yaml');
  const { data, problems } = readDirectoryFile(parse(readFileSync(path, 'utf8').replaceAll(receiverInFiles, receiver)));
  if (data !== null) return data;
  throw new Error([`${path}:`, ...problems.map((problem) => `  ${problem.path}: ${problem.message}`)].join('\n'));
}

function files(folder: string, ending: string): { path: string; text: string }[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => ({ path: join(folder, name), text: readFileSync(join(folder, name), 'utf8') }));
}
