/**
 * `decisions`: the outcome of matching, one document an event that matched, `_id` = event key. What is too much for a
 * document stands in `decision_parts`, written before it.
 */
import { Schema, type InferRawDocTypeFromSchema } from 'mongoose';
import type { Decision } from '#libs/domain/runs/run-ledger.ts';
import type { RunInput } from '#libs/domain/runs/run.ts';
import { Mixed, optional, required } from '../mongo/fields.ts';
import { defineModel, schemaOptions } from '../mongo/model.ts';
import { storeKey, storeText } from '../mongo/storable-text.ts';

const schema = Schema.create(
  {
    _id: required(String),
    /** The producer's id, which events of other origins may have, too. */
    event_id: required(String),
    fingerprint: required(String),
    decided_at: required(String),
    /** JSON text: events nest deeper than BSON may, and their keys may hold dots. Its beginning, where it has parts. */
    body: required(String),
    /** The rest of `body`. `id` is of the attempt that wrote them: two that race write parts of their own. */
    parts: optional<{ id: string; count: number }>(Mixed),
  },
  schemaOptions,
);
schema.index({ event_id: 1 });

/** `_id` = id of the parts and number, from 0. */
const partSchema = Schema.create({ _id: required(String), text: required(String) }, schemaOptions);

export type DecisionDocument = InferRawDocTypeFromSchema<typeof schema>;
export type DecisionPartDocument = InferRawDocTypeFromSchema<typeof partSchema>;

export const decisionModel = defineModel('decisions', schema);
export const decisionPartModel = defineModel('decision_parts', partSchema);

/** Every run of an event carries the same context, so it is written once. */
interface Body {
  eventKey: string;
  eventId: string;
  revision?: number | undefined;
  context: RunInput['context'] | null;
  runs: (Omit<RunInput, 'context'> & { context?: RunInput['context'] })[];
  skipped: Decision['skipped'];
  shadow?: Body['runs'];
  guards?: Decision['guards'];
}

export function toDecisionDocument(decision: Decision): DecisionDocument {
  const { eventKey, eventId, revision, skipped, shadow, guards } = decision;
  const shared = (decision.runs[0] ?? shadow?.[0])?.context ?? null;
  const without = ({ context, ...run }: RunInput): Body['runs'][number] =>
    context === shared ? run : { ...run, context };
  const runs = decision.runs.map(without);
  const body: Body = {
    eventKey,
    eventId,
    revision,
    context: shared,
    runs,
    skipped,
    ...(shadow && { shadow: shadow.map(without) }),
    guards,
  };
  return {
    _id: storeText(eventKey),
    event_id: storeKey(eventId),
    fingerprint: decision.fingerprint,
    decided_at: decision.decidedAt,
    body: JSON.stringify(body),
  };
}

/** @param body the whole of it */
export function toDecision(document: DecisionDocument, body: string): Decision {
  const { eventKey, eventId, revision, context, runs, skipped, shadow, guards } = JSON.parse(body) as Body;
  const whole = (run: Body['runs'][number]): RunInput => ({ ...run, context: run.context ?? context! });
  return {
    eventKey,
    eventId,
    fingerprint: document.fingerprint,
    decidedAt: document.decided_at,
    ...(revision !== undefined && { revision }),
    runs: runs.map(whole),
    skipped,
    ...(shadow !== undefined && { shadow: shadow.map(whole) }),
    ...(guards !== undefined && { guards }),
  };
}
