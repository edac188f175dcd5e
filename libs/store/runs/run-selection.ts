/** The filter of the run log as callers of the API write it, for the store. */
import { statusesFor, type BulkOrder, type RunSelection } from '#libs/domain/runs/bulk-operation.ts';
import type { RunFilter } from './run-log.repository.ts';

/** @param brand of those it may show; undefined = all of them */
export function toRunFilter(selection: RunSelection, brand: string | string[] | undefined): RunFilter {
  const { rule_id, customer_id, event_id, waits_for, ...same } = selection;
  const all = { ...same, brand, ruleId: rule_id, customerId: customer_id, eventId: event_id, waitsFor: waits_for };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** The runs of a bulk operation, as they were at its `until`. What has since become of each, `wasSoBefore` tells. */
export function selectBulkRuns({ command, selection, brands, until }: BulkSelection): RunFilter {
  const { status: asked, to, ...rest } = selection;
  const status = statusesFor[command].filter((one) => asked === undefined || one === asked);
  const before = to !== undefined && to < until ? to : until;
  return {
    ...toRunFilter(rest, brands ?? undefined),
    status,
    to: before,
    ...(command === 'retry' && { finishedBefore: until }),
  };
}

type BulkSelection = Pick<BulkOrder, 'command' | 'selection' | 'brands' | 'until'>;
