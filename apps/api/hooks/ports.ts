/** What operations of incoming webhooks need of the parts that do the work. */
import type { Audited } from '#libs/domain/access/audit-log.ts';
import type { RunData, RunDataStore } from '#libs/domain/context/run-data.ts';
import type { UserReader } from '#libs/domain/directory/directory-user.ts';
import type { Processes } from '#libs/domain/hooks/processes.ts';
import type { DataItem } from '#libs/domain/rules/process.ts';
import type { RunRecord } from '#libs/domain/runs/run.ts';
import type { ApprovalRepository } from '#libs/store/approvals/approval.repository.ts';
import type { RuleVersions } from '#libs/store/rules/rule-version.repository.ts';
import type { RunControl } from '#temporal/client/run-control.ts';
import type { CreatedRequest, RequestDraft } from '#temporal/client/start-request.ts';

/** The `parameters` of operations as data of a request, whose files are in the file store. */
export interface Parameters {
  /** @throws PermanentError `invalid_parameter`, `invalid_input`; RetryableError `files_unavailable` */
  read(items: readonly DataItem[], parameters: readonly unknown[]): Promise<RunData>;
  /** Deletes the files of data that no run will keep, as far as that is possible now. */
  discard(data: RunData): Promise<void>;
}

export interface HookPorts {
  users: UserReader;
  processes: Pick<Processes, 'candidates'>;
  startRequest(draft: RequestDraft): Promise<CreatedRequest>;
  requests: { byNumber(number: number): Promise<RunRecord | null> };
  approvals: Pick<ApprovalRepository, 'list'>;
  versions: Pick<RuleVersions, 'get'>;
  control: Pick<RunControl, 'answer' | 'reassign' | 'cancelApproval' | 'cancel'>;
  data: RunDataStore;
  parameters: Parameters;
  /** Every name of a person, among them the keys that they made and that `keys` names. */
  namesOf(userId: string, keys: readonly string[]): Promise<string[]>;
  audited: Audited;
  settings: HookSettings;
}

export interface HookSettings {
  /** In whose name applications act that impersonate no user; undefined: they may do nothing. */
  defaultUsername: string | undefined;
}
