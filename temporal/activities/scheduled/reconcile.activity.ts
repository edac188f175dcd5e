/**
 * Gives runs the end they could not give themselves, and those a start that never got one. It looks at what Temporal
 * says it closed lately, and then, a part at a time, at what the run log says is open (`open-runs.ts`). Before both it
 * starts bulk operations that were stored and never started (`bulk-operations.ts`).
 *
 * The next look begins well before this one, since Temporal's lists lag. When a run could not be looked at it begins
 * where this one did, for a day at most; an open run is met again by the other look, for as long as it is open.
 */
import type { ReconcileInput, ReconcileResult } from '#temporal/contract/activities.ts';
import { lookAtBulkOperations, type BulkLookPorts } from './bulk-operations.ts';
import { closeRun } from './close-run.ts';
import type { ClosedRun } from './closed-run.ts';
import { lookAtOpenRuns, type OpenRunsPorts } from './open-runs.ts';
import { Tally, type TallyPorts } from './tally.ts';

export interface ReconcilePorts extends OpenRunsPorts, BulkLookPorts, TallyPorts {
  /** Runs that Temporal closed since then, or all it knows. */
  closedRuns(closedSince: string | null): AsyncIterable<ClosedRun>;
  limits: OpenRunsPorts['limits'] & {
    /** How far behind Temporal's lists may be, in milliseconds. */
    overlapMs: number;
  };
}

/** For each of the two looks; together they take less than the activity may. */
const budgetMs = 4 * 60_000;
const dayMs = 86_400_000;

export function reconcileActivity(ports: ReconcilePorts): (input: ReconcileInput) => Promise<ReconcileResult> {
  return async ({ closedSince, openAfter = null }) => {
    const began = ports.now().getTime();
    // First, since there are few of them and a person waits for each.
    const bulkStarted = await lookAtBulkOperations(ports);
    const closed = new Tally(ports, budgetMs);
    const isWhole = await lookAtClosedRuns(closedSince, ports, closed);
    const next = new Date(began - ports.limits.overlapMs).toISOString();
    const again = later(closedSince, new Date(began - dayMs).toISOString());
    const open = new Tally(ports, budgetMs);
    const openNext = await lookAtOpenRuns(openAfter, ports, open);
    return {
      closedSince: isWhole && closed.counts.failed === 0 ? next : earlier(again, next),
      openAfter: openNext,
      closed: closed.counts.closed + open.counts.closed,
      started: open.counts.started,
      failed: closed.counts.failed + open.counts.failed,
      unknown: open.counts.unknown,
      bulkStarted,
    };
  };
}

/** @returns false when time was up before the last of them */
async function lookAtClosedRuns(closedSince: string | null, ports: ReconcilePorts, tally: Tally): Promise<boolean> {
  for await (const run of ports.closedRuns(closedSince)) {
    if (!tally.isInTime) return false;
    await tally.each(run.executionId, async () => {
      if (await closeRun(run, ports)) tally.count('closed');
    });
  }
  return true;
}

/** Times in ISO 8601 UTC, which sort as texts. */
function later(one: string | null, other: string): string {
  return one !== null && one > other ? one : other;
}

function earlier(one: string, other: string): string {
  return one < other ? one : other;
}
