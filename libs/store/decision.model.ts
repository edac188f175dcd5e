/** `decisions`: the outcome of matching, one document an event that matched, `_id` = event id. */
import { Schema, type Connection, type Model } from 'mongoose';
import type { Decision } from '#libs/domain/ledger.ts';
import type { RunInput } from '#libs/domain/run.ts';
import { modelOf, schemaOptions } from './model.ts';
import { storeKey } from './store-text.ts';

export interface DecisionDocument {
  _id: string;
  fingerprint: string;
  decided_at: string;
  /** JSON text: events nest deeper than BSON may, and their keys may hold dots. */
  body: string;
}

/** Every run of an event carries the same context, so it is written once. */
interface Body {
  eventId: string;
  revision?: number | undefined;
  context: RunInput['context'] | null;
  runs: (Omit<RunInput, 'context'> & { context?: RunInput['context'] })[];
  skipped: Decision['skipped'];
  shadow?: Body['runs'];
  guards?: Decision['guards'];
}

const schema = new Schema<DecisionDocument>(
  {
    _id: { type: String, required: true },
    fingerprint: { type: String, required: true },
    decided_at: { type: String, required: true },
    body: { type: String, required: true },
  },
  schemaOptions,
);

export function decisionModel(connection: Connection): Model<DecisionDocument> {
  return modelOf(connection, 'decisions', schema);
}

export function decisionDocumentOf(decision: Decision): DecisionDocument {
  const { eventId, revision, skipped, shadow, guards } = decision;
  const shared = (decision.runs[0] ?? shadow?.[0])?.context ?? null;
  const without = ({ context, ...run }: RunInput): Body['runs'][number] =>
    context === shared ? run : { ...run, context };
  const runs = decision.runs.map(without);
  const body: Body = {
    eventId,
    revision,
    context: shared,
    runs,
    skipped,
    ...(shadow && { shadow: shadow.map(without) }),
    guards,
  };
  return {
    _id: storeKey(decision.eventId),
    fingerprint: decision.fingerprint,
    decided_at: decision.decidedAt,
    body: JSON.stringify(body),
  };
}

export function decisionOf(document: DecisionDocument): Decision {
  const { eventId, revision, context, runs, skipped, shadow, guards } = JSON.parse(document.body) as Body;
  const whole = (run: Body['runs'][number]): RunInput => ({ ...run, context: run.context ?? context! });
  return {
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
