/** From a reported event to the message on `crm.events`, and whether that is one which the ingress takes. */
import type { CrmEnvelope } from '#libs/contracts/crm-message.ts';
import { decodeMessage, type DecodeLimits } from '#libs/contracts/decode-message.ts';
import { findUnfitMembers, type UnfitMember } from '#libs/contracts/forbidden-fields.ts';
import {
  idempotencyKeyPattern,
  idempotencyMember,
  readReportedEvent,
  type ReportedEvent,
} from '#libs/contracts/webhook-payload.ts';
import type { Problem } from '#libs/domain/errors/errors.ts';
import { ProblemList } from '#libs/domain/errors/problem-list.ts';
import { topics } from '#libs/domain/events/platform-event.ts';
import type { JsonObject } from '#libs/domain/json/json-object.ts';
import { writeJson } from '#libs/domain/json/stringify-json.ts';
import { sha256 } from '#libs/domain/values/sha256.ts';
import {
  claimId,
  keyDigest,
  webhookEventId,
  type IdempotencyKey,
  type WebhookClaim,
} from '#libs/domain/workflow-webhooks/webhook-claim.ts';
import { triggerOf, type StoredWorkflowWebhook } from '#libs/domain/workflow-webhooks/workflow-webhook.ts';
import { ApiError } from '../http/api.error.ts';

export interface Report {
  claim: WebhookClaim;
  /** Of the message. */
  bytes: number;
  /** The event, as the claim has it. */
  message: (claim: WebhookClaim) => { key: string; value: Buffer };
}

const unfitMessages: Record<UnfitMember['code'], string> = {
  forbidden_field: 'must not be sent: it is the name of a credential',
  invalid_name: 'is no name for a member',
  invalid_text: 'holds half a character (an unpaired surrogate)',
};

/**
 * @param header `Idempotency-Key`
 * @throws ApiError 422 `forbidden_field`, `invalid_payload`; 413 `too_large`
 */
export function readReport(
  webhook: StoredWorkflowWebhook,
  payload: JsonObject,
  header: string | undefined,
  limits: DecodeLimits,
  now: Date,
): Report {
  refuseUnfit(findUnfitMembers(payload));
  const problems = new ProblemList();
  const given = readIdempotencyKey(payload, header, problems);
  const event = readReportedEvent(payload, now.getTime(), problems);
  if (problems.problems.length > 0) throw invalidPayload(problems.problems);
  const { eventType, customerId, occurredAtText } = event;
  const key: IdempotencyKey = given === null ? { eventType, customerId, occurredAt: occurredAtText } : { given };
  const digest = keyDigest(key);
  const payloadDigest = sha256(writeJson(event.data, { sortKeys: true }));
  const claim: WebhookClaim = {
    id: claimId(webhook.id, digest),
    payload: payloadDigest,
    trigger: triggerOf(webhook, eventType),
    brand: webhook.brand,
    at: now.toISOString(),
  };
  const eventId = webhookEventId(webhook.id, digest, payloadDigest);
  const message = (of: WebhookClaim) => buildMessage(event, eventId, of);
  const { value } = message(claim);
  refuseDeadLetter(value, limits, now);
  return { claim, bytes: value.length, message };
}

function buildMessage(
  event: ReportedEvent,
  id: string,
  { trigger, brand }: WebhookClaim,
): { key: string; value: Buffer } {
  const envelope: CrmEnvelope = {
    id,
    type: trigger,
    occurredAt: event.occurredAt,
    ...(brand !== null && { brand }),
    ...(event.login !== null && { login: event.login }),
    customerId: event.customerId,
    data: event.data,
  };
  return { key: event.customerId, value: Buffer.from(JSON.stringify(envelope)) };
}

/** What the ingress would send to the dead letters has to be refused while its sender is there to be told. */
function refuseDeadLetter(value: Buffer, limits: DecodeLimits, now: Date): void {
  const timestamp = String(now.getTime());
  const message = { topic: topics.crm, partition: 0, offset: '0', timestamp, key: null, value, headers: undefined };
  const decoded = decodeMessage(message, limits, now.getTime());
  if ('event' in decoded) return;
  const { reason, message: text } = decoded.deadLetter;
  if (reason === 'too_large') throw new ApiError(413, 'too_large', `The event is too large: ${text}.`);
  throw invalidPayload([{ path: '', code: reason, message: text }]);
}

function refuseUnfit(members: UnfitMember[]): void {
  const [first] = members;
  if (first === undefined) return;
  const details = members.map(({ code, path }) => ({ path, code, message: unfitMessages[code] })).slice(0, maxDetails);
  const leak = members.find(({ code }) => code === 'forbidden_field');
  if (leak === undefined) throw invalidPayload(details);
  throw new ApiError(422, 'forbidden_field', `${leak.path} ${unfitMessages.forbidden_field}.`, details);
}

const maxDetails = 100;

function readIdempotencyKey(payload: JsonObject, header: string | undefined, problems: ProblemList): string | null {
  const member = payload[idempotencyMember] ?? undefined;
  const expected = 'must be 1 to 255 visible ASCII characters, such as a UUID';
  if (header !== undefined && !idempotencyKeyPattern.test(header))
    problems.add('Idempotency-Key', 'wrong_value', expected);
  if (member !== undefined && !(typeof member === 'string' && idempotencyKeyPattern.test(member))) {
    problems.add(idempotencyMember, 'wrong_value', expected);
  } else if (header !== undefined && member !== undefined && header !== member) {
    problems.add(idempotencyMember, 'wrong_value', 'differs from the header Idempotency-Key');
  }
  return header ?? (typeof member === 'string' ? member : null);
}

function invalidPayload(details: readonly Problem[]): ApiError {
  const [first] = details;
  const more = details.length > 1 ? ` There are ${details.length} such issues; see details.` : '';
  const text = first === undefined ? '' : describe(first);
  return new ApiError(422, 'invalid_payload', `The event is wrong: ${text}.${more}`, details);
}

function describe({ path, message }: Problem): string {
  return message.startsWith(path) || path === '' ? message : `${path} ${message}`;
}
