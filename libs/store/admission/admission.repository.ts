/** The guards' memory: one document for each customer of a rule, one for each window of a limit. */
import { spanMilliseconds } from '#libs/domain/actions/action-params.ts';
import type { Connection } from 'mongoose';
import {
  enrol,
  enrolmentSubject,
  forget,
  noEnrolment,
  rememberedEnrolments,
} from '#libs/domain/admission/re-enrollment.ts';
import type { GuardBook, GuardedRun, Objection } from '#libs/domain/admission/admission.ts';
import type { ReEnroll, RunLimit } from '#libs/domain/rules/rule.ts';
import {
  countRun,
  forgetCounted,
  noRuns,
  overLimit,
  rememberedRuns,
  windowOf,
} from '#libs/domain/admission/run-quota.ts';
import { findByIds } from '../mongo/by-id.ts';
import { compareAndSet } from '../mongo/compare-and-set.ts';
import { enrolmentModel, runCountModel, type EnrolmentDocument } from './admission.models.ts';
import { mapLimited } from '#libs/async/map-limited.ts';
import { collectionOf } from '../mongo/model.ts';
import { runModel } from '../runs/run.model.ts';
import { guarded } from '../mongo/store-error.ts';
import { storeKey, storeText, storeValue } from '../mongo/storable-text.ts';

type Objections = Map<string, Objection>;

export function createGuardBook(connection: Connection): GuardBook {
  const enrolments = collectionOf(enrolmentModel(connection));
  const counts = collectionOf(runCountModel(connection));
  const runs = collectionOf(runModel(connection));

  const recorded = async (ids: string[]): Promise<(id: string) => boolean> => {
    const found = await findByIds(runs, ids.map(storeText), { status: 1 });
    return (id) => found.has(storeText(id));
  };

  /** All runs of one rule and subject, one after the other. */
  const enrolSubject = (_id: string, asked: GuardedRun<ReEnroll>[]): Promise<Objections> =>
    compareAndSet(enrolments, _id, async (stored) => {
      const before = stored === null ? noEnrolment : enrolmentOf(stored);
      const result: Objections = new Map();
      let after = before;
      for (const { run, guard } of asked) {
        const wish = { run: storeText(run.executionId), at: run.event.occurredAt };
        const outcome = enrol(after, wish, guard);
        if ('objection' in outcome) result.set(run.executionId, outcome.objection);
        else after = outcome;
      }
      if (after === before) return { result, content: null };
      if (after.enrolled.length > 2 * rememberedEnrolments) {
        after = forget(after, await recorded(after.enrolled.map(({ run }) => run)));
      }
      const { run } = asked[0]!;
      const { enrolled, forgottenUntil: forgotten_until } = after;
      const content = { rule_id: run.rule.id, subject: enrolmentSubject(run), enrolled, forgotten_until };
      return { result, content: storeValue(content) };
    });

  /** All runs of one rule and window: the chunk costs one write, not each run. */
  const countWindow = (_id: string, asked: GuardedRun<RunLimit>[]): Promise<Objections> =>
    compareAndSet(counts, _id, async (stored) => {
      const before = stored ?? noRuns;
      const result: Objections = new Map();
      let after = before;
      for (const one of asked) {
        const counted = countRun(after, storeText(one.run.executionId), one.guard);
        if (counted === null) result.set(one.run.executionId, overLimit(one));
        else after = counted;
      }
      if (after === before) return { result, content: null };
      if (after.counted.length > 2 * rememberedRuns) after = forgetCounted(after, await recorded(after.counted));
      const { run, guard, decidedAt } = asked[0]!;
      const { count, counted } = after;
      return { result, content: { rule_id: run.rule.id, window: windowOf(guard, decidedAt), count, counted } };
    });

  return guarded<GuardBook>({
    enrol: (asked) => perDocument(asked, ({ run }) => `${run.rule.id}/${enrolmentSubject(run)}`, enrolSubject),
    count: (asked) =>
      perDocument(
        asked,
        ({ run, guard, decidedAt }) =>
          `${run.rule.id}/${spanMilliseconds({ ...guard.per })}/${windowOf(guard, decidedAt)}`,
        countWindow,
      ),
  });
}

async function perDocument<Guard>(
  asked: GuardedRun<Guard>[],
  keyOf: (one: GuardedRun<Guard>) => string,
  settle: (_id: string, asked: GuardedRun<Guard>[]) => Promise<Objections>,
): Promise<Objections> {
  const groups = new Map<string, GuardedRun<Guard>[]>();
  for (const one of asked) {
    const key = storeKey(keyOf(one));
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  const objections = await mapLimited([...groups], ([key, group]) => settle(key, group));
  return new Map(objections.flatMap((some) => [...some]));
}

function enrolmentOf({ enrolled, forgotten_until }: EnrolmentDocument) {
  return { enrolled, forgottenUntil: forgotten_until };
}
