/** `run_data`: what was changed in the data of requests, one document for each first run, `_id` = its execution id. */
import { Schema, type Connection } from 'mongoose';
import { runDataIssue, type RunData, type RunDataStore } from '#libs/domain/context/run-data.ts';
import { PermanentError } from '#libs/domain/errors/errors.ts';
import { writeJson } from '#libs/domain/json/stringify-json.ts';
import { findById } from '../mongo/by-id.ts';
import { compareAndSet } from '../mongo/compare-and-set.ts';
import { required } from '../mongo/fields.ts';
import { defineModel, schemaOptions } from '../mongo/model.ts';
import { storeKey } from '../mongo/storable-text.ts';
import { guarded } from '../mongo/store-error.ts';

/** Keys a document remembers: a repetition comes within seconds of what it repeats. */
export const rememberedKeys = 100;

const schema = Schema.create(
  {
    _id: required(String),
    revision: required(Number),
    /** JSON text: stores do not take every name, and some names mean something to them. */
    values: required(String),
    /** Of what was saved, the oldest first. */
    keys: required([String]),
  },
  schemaOptions,
);

export const runDataModel = defineModel('run_data', schema);

export function createRunData(connection: Connection): RunDataStore {
  const documents = runDataModel(connection);

  return guarded<RunDataStore>({
    async changes(runId) {
      const stored = await findById(documents, storeKey(runId));
      return stored === null ? {} : parse(stored.values);
    },

    async save(runId, values, key) {
      await compareAndSet(documents, storeKey(runId), (stored) => {
        const keys = stored?.keys ?? [];
        const known = storeKey(key);
        if (keys.includes(known)) return unchanged;
        const changed = withLimit({ ...(stored === null ? {} : parse(stored.values)), ...values });
        const content = { values: writeJson(changed), keys: [...keys, known].slice(-rememberedKeys) };
        return Promise.resolve({ result: undefined, content });
      });
    },
  });
}

const unchanged = Promise.resolve({ result: undefined, content: null });

function parse(text: string): RunData {
  return JSON.parse(text) as RunData;
}

/** They go into inputs and outcomes of activities, which Temporal limits. */
function withLimit(values: RunData): RunData {
  const issue = runDataIssue(values);
  if (issue !== null) throw new PermanentError('invalid_parameter', `The data of the request, all together, ${issue}`);
  return values;
}
