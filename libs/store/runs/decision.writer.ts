/** Stores decisions once each. What is too much for one document goes into parts first, so no decision lacks any. */
import { randomUUID } from 'node:crypto';
import type { Connection } from 'mongoose';
import type { Decision } from '#libs/domain/runs/run-ledger.ts';
import { insertNew } from '../mongo/by-id.ts';
import {
  toDecisionDocument,
  decisionModel,
  decisionPartModel,
  type DecisionDocument,
  type DecisionPartDocument,
} from './decision.model.ts';
import { partId } from './decision.reader.ts';
import { mapLimited } from '#libs/async/map-limited.ts';
import { collectionFor } from '../mongo/model.ts';

export interface DecisionWriter {
  /** @returns those whose event was decided before, or earlier in the same call */
  insert(decisions: readonly Decision[]): Promise<Decision[]>;
}

/** Characters of a document's text. A character is up to 3 bytes, and a document at most 16 MiB. */
const maxText = 4_000_000;
/** Characters of the documents that are inserted together. */
const maxTogether = 16_000_000;

export function createDecisionWriter(connection: Connection): DecisionWriter {
  // The driver's: the ingress writes here for every event that matches.
  const decisions = collectionFor(decisionModel(connection));
  const parts = collectionFor(decisionPartModel(connection));

  const insert = async (made: { decision: Decision; document: DecisionDocument }[]): Promise<Decision[]> => {
    const rest = new Map<number, DecisionPartDocument[]>();
    made.forEach(({ document }, index) => {
      if (document.body.length > maxText) rest.set(index, splitOff(document));
    });
    for (const documents of rest.values()) for (const one of documents) await insertNew(parts, [one]);
    const existing = await insertNew(
      decisions,
      made.map(({ document }) => document),
    );
    // Parts of a decision that lost against an earlier one are of no use.
    const unused = existing.flatMap((index) => rest.get(index) ?? []);
    await mapLimited(unused, ({ _id }) => parts.deleteOne({ _id }));
    return existing.map((index) => made[index]!.decision);
  };

  return {
    async insert(all) {
      const existing: Decision[] = [];
      let batch: { decision: Decision; document: DecisionDocument }[] = [];
      let length = 0;
      for (const decision of all) {
        const document = toDecisionDocument(decision);
        if (batch.length > 0 && length + document.body.length > maxTogether) {
          existing.push(...(await insert(batch)));
          batch = [];
          length = 0;
        }
        batch.push({ decision, document });
        length += document.body.length;
      }
      if (batch.length > 0) existing.push(...(await insert(batch)));
      return existing;
    },
  };
}

/** Leaves the beginning of the body in the document. @returns the parts with the rest of it */
function splitOff(document: DecisionDocument): DecisionPartDocument[] {
  const [first = '', ...texts] = slices(document.body);
  const id = randomUUID();
  document.body = first;
  document.parts = { id, count: texts.length };
  return texts.map((text, index) => ({ _id: partId(id, index), text }));
}

function slices(text: string): string[] {
  const found: string[] = [];
  for (let start = 0; start < text.length;) {
    let end = Math.min(start + maxText, text.length);
    // A character of two units stays whole: half of one cannot be stored.
    const last = text.charCodeAt(end - 1);
    if (end < text.length && last >= 0xd800 && last <= 0xdbff) end -= 1;
    found.push(text.slice(start, end));
    start = end;
  }
  return found;
}
