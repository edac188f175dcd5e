/** What a retry needs of the store: what a run was started with, and its own record, made once. */
import type { Connection } from 'mongoose';
import { parseEventKey } from '#libs/domain/runs/execution-id.ts';
import type { RunInput, RunRecord } from '#libs/domain/runs/run.ts';
import { findById, insertOrFind } from '../mongo/by-id.ts';
import { createDecisionReader } from './decision.reader.ts';
import { toRunDocument, runModel } from './run.model.ts';
import { guarded } from '../mongo/store-error.ts';
import { storeText, storeValue } from '../mongo/storable-text.ts';

export interface RetryStore {
  /** @returns null when it is known no more */
  inputOf(record: RunRecord): Promise<RunInput | null>;
  /** Inserts the record of a retry with what starts it, unless the record exists. @returns what the stored one starts */
  claim(record: RunRecord, input: RunInput): Promise<RunInput>;
}

export function createRetryStore(connection: Connection): RetryStore {
  const runs = runModel(connection);
  const decisions = createDecisionReader(connection);

  const storedInput = async (executionId: string): Promise<RunInput | null> => {
    return inputIn(await findById(runs, storeText(executionId), { input: 1 }));
  };

  return guarded<RetryStore>({
    async inputOf({ run_id }) {
      const own = await storedInput(run_id);
      if (own !== null) return own;
      const key = parseEventKey(run_id);
      const decision = (await decisions.byKeys([key])).get(key);
      return decision?.runs.find(({ executionId }) => executionId === run_id) ?? null;
    },

    async claim(record, input) {
      const stored = (await insertOrFind(runs, [storeValue(toRunDocument(record, input))], { input: 1 })).get(0);
      return inputIn(stored) ?? input;
    },
  });
}

function inputIn(document: { input?: string } | null | undefined): RunInput | null {
  return document?.input === undefined ? null : (JSON.parse(document.input) as RunInput);
}
