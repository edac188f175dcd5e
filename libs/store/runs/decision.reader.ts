/** Decisions as they were stored, with what stands in their parts. */
import type { Connection } from 'mongoose';
import { RetryableError } from '#libs/domain/errors/errors.ts';
import type { Decision } from '#libs/domain/runs/run-ledger.ts';
import { findByIds } from '../mongo/by-id.ts';
import { decisionModel, toDecision, decisionPartModel, type DecisionDocument } from './decision.model.ts';
import { mapLimited } from '#libs/async/map-limited.ts';
import { storeKey, storeText } from '../mongo/storable-text.ts';

export interface DecisionReader {
  /** Those that are stored, by event key. */
  byKeys(eventKeys: readonly string[]): Promise<Map<string, Decision>>;
  /** Of all events that carry the id. */
  byEventId(eventId: string): Promise<Decision[]>;
}

/** Events that may carry one id, each of another origin; more are not looked at. */
const maxSameId = 100;

export function createDecisionReader(connection: Connection): DecisionReader {
  const decisions = decisionModel(connection);
  const parts = decisionPartModel(connection);

  const read = async (document: DecisionDocument): Promise<Decision> => {
    if (document.parts === undefined) return toDecision(document, document.body);
    const { id, count } = document.parts;
    const ids = Array.from({ length: count }, (_, index) => partId(id, index));
    const found = await findByIds(parts, ids);
    if (found.size < count) throw new RetryableError('decision_lost', 'a part of a decision is gone');
    return toDecision(document, [document.body, ...ids.map((one) => found.get(one)!.text)].join(''));
  };

  return {
    async byKeys(eventKeys) {
      const documents = await findByIds(decisions, eventKeys.map(storeText));
      const found = await mapLimited([...documents.values()], read);
      return new Map(found.map((decision) => [decision.eventKey, decision]));
    },

    async byEventId(eventId) {
      const documents = await decisions
        .find({ event_id: storeKey(eventId) })
        .limit(maxSameId)
        .lean();
      return (await mapLimited(documents, read)).filter((decision) => decision.eventId === eventId);
    },
  };
}

export function partId(id: string, index: number): string {
  return `${id}/${index}`;
}
