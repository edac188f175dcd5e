/** `process_numbers`: the small number of each rule that is a process, `_id` = rule id; given when it is first asked for. */
import { Schema, type Connection } from 'mongoose';
import type { Process, Processes } from '#libs/domain/hooks/processes.ts';
import type { Rule } from '#libs/domain/rules/rule.ts';
import { mapLimited } from '#libs/async/map-limited.ts';
import { findById, insertOrFind } from '../mongo/by-id.ts';
import { takeNumbers } from '../mongo/counter.model.ts';
import { required } from '../mongo/fields.ts';
import { defineModel, schemaOptions } from '../mongo/model.ts';
import { storeText } from '../mongo/storable-text.ts';
import { guarded } from '../mongo/store-error.ts';
import { createRuleChangeLog } from './rule-change.log.ts';
import { ruleModel, toRule } from './rule.model.ts';

const schema = Schema.create({ _id: required(String), number: required(Number) }, schemaOptions);
schema.index({ number: 1 });

export const processNumberModel = defineModel('process_numbers', schema);

export function createProcesses(connection: Connection): Processes {
  const rules = ruleModel(connection);
  const numbers = processNumberModel(connection);
  const log = createRuleChangeLog(connection);

  const numberOf = async (ruleId: string): Promise<number> => {
    const known = await findById(numbers, ruleId);
    if (known !== null) return known.number;
    const number = await takeNumbers(connection, 'processes', 1);
    // A caller at the same moment has another number, and the first one counts.
    return (await insertOrFind(numbers, [{ _id: ruleId, number }])).get(0)?.number ?? number;
  };

  const toProcess = async (rule: Rule | null): Promise<Process[]> => {
    if (rule?.process === undefined) return [];
    return [{ number: await numberOf(rule.id), rule: { ...rule, process: rule.process } }];
  };

  const toProcesses = async (found: (Rule | null)[]): Promise<Process[]> => (await mapLimited(found, toProcess)).flat();

  return guarded<Processes>({
    async candidates({ name, number }) {
      await log.applyPending();
      if (number !== undefined) {
        const found = await numbers.findOne({ number }).lean();
        const rule = found && (await findById(rules, found._id));
        return toProcess(rule && toRule(rule));
      }
      if (name === undefined) return [];
      return toProcesses((await rules.find({ process: storeText(name) }).lean()).map(toRule));
    },

    async list() {
      await log.applyPending();
      const found = (await rules.find({ process: { $gt: '' } }).lean()).map(toRule);
      const current = await toProcesses(found.filter((rule) => rule !== null && rule.status !== 'archived'));
      return current.sort(
        ({ rule: one }, { rule: other }) =>
          compare(one.process.name, other.process.name) ||
          one.process.version - other.process.version ||
          compare(one.id, other.id),
      );
    },
  });
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
