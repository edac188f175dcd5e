/**
 * Messages of `workflow.lifecycle` in, events out, for those who subscribe to them. Nothing on the topic makes this throw.
 * Members that a later signalbox adds are left out: subscribers need not be deployed before it.
 */
import type { z } from 'zod';
import type { Problem } from '#libs/domain/errors/errors.ts';
import { ProblemList } from '#libs/domain/errors/problem-list.ts';
import { isJsonObject, type JsonObject } from '#libs/domain/json/json-object.ts';
import { shorten } from '#libs/domain/values/shorten.ts';
import { cloudEventMode, contentType, readAttributes } from './cloud-event.ts';
import { lifecycleCloudEventSchema, type LifecycleCloudEvent } from './lifecycle.schema.ts';
import { isDeeperThan } from './message-depth.ts';
import { utf8Text, type IncomingMessage, type UnreadableReason } from './message.ts';
import { readBy } from './schema-problems.ts';

export type LifecycleMessage = Pick<IncomingMessage, 'value' | 'headers'>;

export type ReadLifecycleEvent =
  { event: LifecycleCloudEvent } | { deadLetter: { reason: UnreadableReason; message: string } };

/** Levels of JSON that recursion copes with; what signalbox publishes has far fewer. */
const maxDepth = 1000;
/** Characters of a dead letter's message. */
const maxReasonLength = 2000;

/** @returns the event, or why the message is none; the reason's text names places and types, never values. */
export function readLifecycleMessage({ value, headers }: LifecycleMessage): ReadLifecycleEvent {
  if (value === null || value.length === 0) return refuse('not_json', 'the message has no value');
  const text = utf8Text(value);
  if (text === null) return refuse('not_json', 'the message is not UTF-8');
  if (isDeeperThan(text, maxDepth)) {
    return refuse('too_deep', `the message is nested more than ${maxDepth} levels deep`);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // The parser's own message quotes the text.
    return refuse('not_json', 'the message is not JSON');
  }
  const problems = new ProblemList();
  const given = cloudEventMode(headers) === 'binary' ? readBinary(json, headers, problems) : json;
  if (problems.problems.length > 0) return refuse('invalid_event', describe(problems.problems));
  const parsed = lifecycleCloudEventSchema.safeParse(given);
  const read = parsed.success ? parsed : readBy(lifecycleCloudEventSchema, withoutUnknown(given, parsed.error));
  if (read.data === null) return refuse('invalid_event', describe(read.problems));
  const mismatch = findMismatch(read.data);
  return mismatch === null ? { event: read.data } : refuse('invalid_event', mismatch);
}

function readBinary(data: unknown, headers: IncomingMessage['headers'], problems: ProblemList): JsonObject {
  const [mediaType] = contentType(headers).split(';');
  return { ...readAttributes(headers, problems), datacontenttype: mediaType?.trim(), data };
}

/** What the schema does not know, and what of it is in the data. */
function withoutUnknown(given: unknown, { issues }: z.ZodError): unknown {
  const unknown = issues.filter(isUnknownKeys);
  if (unknown.length === 0) return given;
  const copy = structuredClone(given);
  for (const { path, keys } of unknown) {
    const holder = path.reduce<unknown>((at, step) => (isJsonObject(at) ? at[String(step)] : undefined), copy);
    if (isJsonObject(holder)) for (const key of keys) delete holder[key];
  }
  return copy;
}

function isUnknownKeys(issue: z.core.$ZodIssue): issue is z.core.$ZodIssueUnrecognizedKeys {
  return issue.code === 'unrecognized_keys';
}

/** Attributes say what the data says. */
function findMismatch({ id, type, subject, data }: LifecycleCloudEvent): string | null {
  if (id !== data.eventId) return 'id is not that of data.eventId';
  if (type !== data.eventType) return 'type is not that of data.eventType';
  return subject === data.executionId ? null : 'subject is not that of data.executionId';
}

function describe(problems: readonly Problem[]): string {
  const said = problems.map(({ path, message }) => `${path === '' ? 'the message' : path} ${message}`);
  return shorten(said.join('; '), maxReasonLength);
}

function refuse(reason: UnreadableReason, message: string): ReadLifecycleEvent {
  return { deadLetter: { reason, message } };
}
