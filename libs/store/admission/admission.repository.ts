/** The guards' memory: one document for each customer of a rule, one for each window of a limit. */
import { spanMilliseconds } from '#libs/domain/values/duration.ts';
import type { Connection } from 'mongoose';
import {
  reEnroll,
  reEnrollmentSubject,
  forget,
  emptyReEnrollment,
  maxRememberedEnrollments,
} from '#libs/domain/admission/re-enrollment.ts';
import type { AdmissionStore, AdmissionCandidate } from '#libs/domain/admission/admission.ts';
import type { Denial } from '#libs/domain/runs/denial.ts';
import type { ReEnroll, RunLimit } from '#libs/domain/rules/rule.ts';
import {
  countRun,
  forgetCounted,
  emptyRunQuota,
  overLimit,
  maxRememberedRuns,
  quotaWindow,
} from '#libs/domain/admission/run-quota.ts';
import { findByIds } from '../mongo/by-id.ts';
import { compareAndSet } from '../mongo/compare-and-set.ts';
import { reEnrollmentModel, runQuotaModel, type ReEnrollmentDocument } from './admission.models.ts';
import { mapLimited } from '#libs/async/map-limited.ts';
import { collectionFor } from '../mongo/model.ts';
import { runModel } from '../runs/run.model.ts';
import { guarded } from '../mongo/store-error.ts';
import { storeKey, storeText, storeValue } from '../mongo/storable-text.ts';

type Denials = Map<string, Denial>;

export function createAdmissionStore(connection: Connection): AdmissionStore {
  // The driver's: the ingress asks for every run of a rule that has guards.
  const reEnrollments = collectionFor(reEnrollmentModel(connection));
  const counts = collectionFor(runQuotaModel(connection));
  const runs = collectionFor(runModel(connection));

  const recorded = async (ids: string[]): Promise<(id: string) => boolean> => {
    const found = await findByIds(runs, ids.map(storeText), { status: 1 });
    return (id) => found.has(storeText(id));
  };

  /** All runs of one rule and subject, one after the other. */
  const reEnrollSubject = (_id: string, asked: AdmissionCandidate<ReEnroll>[]): Promise<Denials> =>
    compareAndSet(reEnrollments, _id, async (stored) => {
      const before = stored === null ? emptyReEnrollment : toReEnrollment(stored);
      const result: Denials = new Map();
      let after = before;
      for (const { run, guard } of asked) {
        const wish = { run: storeText(run.executionId), at: run.event.occurredAt };
        const outcome = reEnroll(after, wish, guard);
        if ('denial' in outcome) result.set(run.executionId, outcome.denial);
        else after = outcome;
      }
      if (after === before) return { result, content: null };
      if (after.reEnrolled.length > 2 * maxRememberedEnrollments) {
        after = forget(after, await recorded(after.reEnrolled.map(({ run }) => run)));
      }
      const { run } = asked[0]!;
      const { reEnrolled, forgottenUntil: forgotten_until } = after;
      const content = { rule_id: run.rule.id, subject: reEnrollmentSubject(run), reEnrolled, forgotten_until };
      return { result, content: storeValue(content) };
    });

  /** All runs of one rule and window: the chunk costs one write, not each run. */
  const countWindow = (_id: string, asked: AdmissionCandidate<RunLimit>[]): Promise<Denials> =>
    compareAndSet(counts, _id, async (stored) => {
      const before = stored ?? emptyRunQuota;
      const result: Denials = new Map();
      let after = before;
      for (const one of asked) {
        const counted = countRun(after, storeText(one.run.executionId), one.guard);
        if (counted === null) result.set(one.run.executionId, overLimit(one));
        else after = counted;
      }
      if (after === before) return { result, content: null };
      if (after.counted.length > 2 * maxRememberedRuns) after = forgetCounted(after, await recorded(after.counted));
      const { run, guard, decidedAt } = asked[0]!;
      const { count, counted } = after;
      return { result, content: { rule_id: run.rule.id, window: quotaWindow(guard, decidedAt), count, counted } };
    });

  return guarded<AdmissionStore>({
    reEnroll: (asked) => perDocument(asked, ({ run }) => `${run.rule.id}/${reEnrollmentSubject(run)}`, reEnrollSubject),
    count: (asked) =>
      perDocument(
        asked,
        ({ run, guard, decidedAt }) =>
          `${run.rule.id}/${spanMilliseconds({ ...guard.per })}/${quotaWindow(guard, decidedAt)}`,
        countWindow,
      ),
  });
}

async function perDocument<Guard>(
  asked: AdmissionCandidate<Guard>[],
  keyOf: (one: AdmissionCandidate<Guard>) => string,
  settle: (_id: string, asked: AdmissionCandidate<Guard>[]) => Promise<Denials>,
): Promise<Denials> {
  const groups = new Map<string, AdmissionCandidate<Guard>[]>();
  for (const one of asked) {
    const key = storeKey(keyOf(one));
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  const denials = await mapLimited([...groups], ([key, group]) => settle(key, group));
  return new Map(denials.flatMap((some) => [...some]));
}

function toReEnrollment({ reEnrolled, forgotten_until }: ReEnrollmentDocument) {
  return { reEnrolled, forgottenUntil: forgotten_until };
}
