/** Rules: reading, writing, and the feed that matching processes follow. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection, QueryFilter } from 'mongoose';
import { RetryableError } from '#libs/domain/errors/errors.ts';
import type { RuleFeed } from '#libs/domain/rules/rule-feed.ts';
import type { Rule, RuleStatus } from '#libs/domain/rules/rule.ts';
import { findByIds } from '../mongo/by-id.ts';
import { readPage, type Page, type PageRequest } from '../mongo/keyset-page.ts';
import { createRuleChangeLog } from './rule-change.log.ts';
import type { RuleChange } from '#libs/domain/rules/rule-change.ts';
import { createRuleFeed } from './rule-feed.repository.ts';
import {
  checkIds,
  planArchive,
  planDelete,
  planPut,
  type AppliedRule,
  type RuleWrite,
  type StoredRule,
} from '#libs/domain/rules/rule-plan.ts';
import { ruleModel, toRule, type RuleDocument } from './rule.model.ts';
import { guarded, toStoreError } from '../mongo/store-error.ts';
import { storeText } from '../mongo/storable-text.ts';

/** Absent fields filter nothing. */
export interface RuleFilter {
  /** null = rules of no brand; a list = any of them. */
  brand?: string | null | (string | null)[];
  trigger?: string;
  status?: RuleStatus | RuleStatus[];
  /** In an id, a name or a description, also of a part of the rule; in any case of its letters. */
  search?: string;
}

export interface RuleRepository extends RuleFeed {
  /**
   * Creates and updates rules by id, all of them or none. A definition that says what is stored makes no new version.
   * @throws InvalidInputError (ids), PermanentError `version_conflict`, `rule_archived`, `change_too_large`
   */
  apply(writes: RuleWrite[], by: string): Promise<AppliedRule[]>;
  /** The rule stays readable and is never evaluated again. @throws PermanentError `rule_not_found`, `version_conflict` */
  archive(id: string, by: string, ifVersion?: number): Promise<Rule>;
  /** @throws PermanentError `rule_not_found`, `version_conflict` */
  delete(id: string, by: string, ifVersion?: number): Promise<void>;
  get(id: string): Promise<Rule | null>;
  /** By id; those that there are. */
  getAll(ids: Iterable<string>): Promise<Map<string, Rule>>;
  /** In the order in which rules run: priority, `created_at`, id. @throws InvalidInputError for a wrong cursor */
  list(filter: RuleFilter, page?: PageRequest): Promise<Page<Rule>>;
}

interface Plan<Result> extends RuleChange {
  result: Result;
}

type Change<Result> = [by: string, ids: string[], plan: (stored: Map<string, StoredRule>, at: string) => Plan<Result>];

/** In which rules run. */
export const ruleOrder = { priority: 1, created_at: 1, _id: 1 } as const;
/** Writers give up after this many milliseconds, in line or losing the race for the next number. */
const retryPolicy = 30_000;

export function createRuleRepository(connection: Connection): RuleRepository {
  const rules = ruleModel(connection);
  const log = createRuleChangeLog(connection);

  const readStored = async (ids: string[]): Promise<Map<string, StoredRule>> => {
    const documents = await findByIds(rules, ids.map(storeText));
    return new Map([...documents].map(([id, document]) => [id, { rule: toRule(document), version: document.version }]));
  };

  /** Writers of one process would only take the next number from each other: they wait in line. */
  let line: Promise<unknown> = Promise.resolve();
  const change = <Result>(...given: Change<Result>): Promise<Result> => {
    const giveUpAt = Date.now() + retryPolicy;
    const mine = line.then(() => changeNow(giveUpAt, ...given));
    // Its caller is told why it failed; the changes behind it go on.
    line = mine.catch(() => undefined);
    return mine;
  };

  /** Plans on the latest state and commits; plans again when another process was first. */
  const changeNow = async <Result>(giveUpAt: number, ...[by, ids, plan]: Change<Result>): Promise<Result> => {
    for (;;) {
      if (Date.now() > giveUpAt) throw new RetryableError('rules_busy', 'Others kept changing rules: try again.');
      const revision = await log.applyPending();
      const at = new Date().toISOString();
      const { result, put, deleted } = plan(await readStored(ids), at);
      if (put.length + deleted.length === 0) return result;
      if (await log.commit({ put, deleted }, { number: revision + 1, by, at })) {
        await settleIfPossible();
        return result;
      }
      await sleep(Math.random() * 20);
    }
  };

  /** The change has happened: a store that goes away now is no failure of it, and every reader settles. */
  const settleIfPossible = async (): Promise<void> => {
    try {
      await log.applyPending();
    } catch (error) {
      if (!(toStoreError(error) instanceof RetryableError)) throw error;
    }
  };

  return guarded<RuleRepository>({
    ...createRuleFeed(connection, log),

    async apply(writes, by) {
      checkIds(writes);
      const ids = writes.map((write) => write.id);
      return change(by, ids, (stored, at) => {
        const result = writes.map((write) => planPut(write, stored.get(write.id), { by, at }));
        const put = result.filter(({ outcome }) => outcome !== 'unchanged').map(({ rule }) => rule);
        return { result, put, deleted: [] };
      });
    },

    archive: (id, by, ifVersion) =>
      change(by, [id], (stored, at) => {
        const { rule, outcome } = planArchive(id, stored.get(id), { by, at }, ifVersion);
        return { result: rule, put: outcome === 'unchanged' ? [] : [rule], deleted: [] };
      }),

    delete: (id, by, ifVersion) =>
      change(by, [id], (stored) => {
        return { result: undefined, put: [], deleted: [planDelete(id, stored.get(id), ifVersion)] };
      }),

    async get(id) {
      await log.applyPending();
      return (await readStored([id])).get(id)?.rule ?? null;
    },

    async getAll(ids) {
      await log.applyPending();
      const rules = [...(await readStored([...ids])).values()].map(({ rule }) => rule);
      return new Map(rules.filter((rule) => rule !== null).map((rule) => [rule.id, rule]));
    },

    async list(filter, page) {
      await log.applyPending();
      const query = {
        filter: buildRulesQuery(filter),
        sort: ruleOrder,
        types: ['number', 'string', 'string'],
      } as const;
      const { items, nextCursor } = await readPage(rules, query, page);
      return { items: items.map((document) => toRule(document)!), nextCursor };
    },
  });
}

export function buildRulesQuery({ brand, trigger, status, search }: RuleFilter): QueryFilter<RuleDocument> {
  return {
    status: Array.isArray(status) ? { $in: status } : (status ?? { $ne: 'deleted' }),
    ...(trigger !== undefined && { trigger_event: trigger }),
    ...(brand !== undefined && { brand: Array.isArray(brand) ? { $in: brand } : brand }),
    ...(search !== undefined && { body: { $regex: searchPattern(search), $options: 'i' } }),
  };
}

/** The rule is stored as JSON text, so the text is looked for as JSON writes it. */
function searchPattern(text: string): string {
  const written = JSON.stringify(storeText(text)).slice(1, -1);
  return `"(?:id|name|description)":"(?:[^"\\\\]|\\\\.)*${written.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`;
}
