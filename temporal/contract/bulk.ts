/**
 * Workflow `executeBulkOperation(BulkInput): void`, with id `bulk/{operation}`: one command to many runs. What it is to
 * do, the runs it takes and what came of each are in the store.
 */

export interface BulkInput {
  bulk_id: string;
  /** Where collecting its runs goes on, after `continueAsNew`: a cursor of the run log; null: every run is collected. */
  collect_after?: string | null;
}

export function bulkWorkflowId(bulkId: string): string {
  return `bulk/${bulkId}`;
}

export interface CollectInput {
  bulk_id: string;
  /** Cursor of the run log; left out: from the first run on. */
  after?: string;
}

/** Regular activities on `bulkTaskQueue`. Each may be repeated after any interruption. */
export interface BulkActivities {
  /** Takes a page of the runs that match. @returns where the next page begins; null when there is none */
  collectBulkRuns(input: CollectInput): Promise<string | null>;
  /**
   * Gives the command to the runs whose turn it is, for some seconds.
   * @returns false when none is left, or the operation is to stop
   */
  commandBulkRuns(input: BulkInput): Promise<boolean>;
  /** Writes its end. @param input `error`: why it failed as a whole */
  endBulkOperation(input: { bulk_id: string; error?: string }): Promise<void>;
}
