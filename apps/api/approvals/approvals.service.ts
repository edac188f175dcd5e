/** The approvals a session may see, and what it may do about them. Who may answer is the run's own decision. */
import type { AnswerBody, ApprovalsQuery, ReassignBody } from '#libs/contracts/approval.schema.ts';
import { apiKeyOfUser } from '#libs/domain/access/api-key.ts';
import type { Approval, Person } from '#libs/domain/approvals/approval.ts';
import type { ApprovalRepository } from '#libs/store/approvals/approval.repository.ts';
import type { RunControl, RunControlPorts } from '#temporal/client/run-control.ts';
import { ApiError } from '../http/api.error.ts';
import { visibleRun, type RunReader } from '../runs/run.reader.ts';
import { brandScope, maySee } from '../auth/brand-scope.ts';
import { toPerson } from '../auth/to-actor.ts';
import type { Session } from '../auth/authenticate.ts';
import type { ApprovalBackground } from './approval.background.ts';
import type { AnswerView, ApprovalView, BackgroundView } from './approval.schema.ts';
import { approvalView } from './approval.view.ts';

export interface ApprovalServicePorts {
  approvals: Pick<ApprovalRepository, 'get' | 'list' | 'listDue'>;
  background: ApprovalBackground;
  runs: RunReader;
  control: Pick<RunControl, 'answer' | 'reassign'>;
  namesOf: RunControlPorts['namesOf'];
}

export class ApprovalsService {
  readonly #ports: ApprovalServicePorts;

  constructor(ports: ApprovalServicePorts) {
    this.#ports = ports;
  }

  async list(
    session: Session,
    { mine, state, brand, run_id, sort, cursor, limit }: ApprovalsQuery,
  ): Promise<{ approvals: ApprovalView[]; next_cursor: string | null }> {
    const scope = brandScope(session, brand);
    const wanted = state ?? (mine ? 'open' : undefined);
    const filter = {
      ...(mine && { answerableBy: await this.#person(session) }),
      ...(scope !== undefined && { tenants: Array.isArray(scope) ? scope : [scope] }),
      ...(run_id !== undefined && { runId: run_id }),
    };
    const asked = { limit, ...(cursor !== undefined && { cursor }) };
    const page =
      sort === 'due'
        ? await this.#ports.approvals.listDue(filter, asked)
        : await this.#ports.approvals.list({ ...filter, ...(wanted !== undefined && { state: wanted }) }, asked);
    const views = await Promise.all(page.items.map((one) => this.#view(one, session)));
    const approvals = mine ? views.filter(({ may_answer }) => may_answer) : views;
    return { approvals, next_cursor: page.nextCursor };
  }

  async get(session: Session, token: string): Promise<{ approval: ApprovalView; background: BackgroundView | null }> {
    const found = await this.#visible(session, token);
    const [approval, background] = await Promise.all([this.#view(found, session), this.#ports.background.get(found)]);
    return { approval, background };
  }

  /** One that the session may see, as it sees it. */
  show(session: Session, approval: Approval): Promise<ApprovalView> {
    return this.#view(approval, session);
  }

  async mayAnswer(session: Session, approval: Approval): Promise<boolean> {
    return (await this.#view(approval, session)).may_answer;
  }

  async #view(approval: Approval, session: Session): Promise<ApprovalView> {
    return approvalView(approval, session, await this.#person(session, approval.forbidden_users));
  }

  /**
   * The session under every name of its person. Four-eyes: an API key counts as its creator, who may not approve runs the
   * key started.
   */
  async #person(session: Session, keys: readonly string[] = []): Promise<Person> {
    const names = await this.#ports.namesOf(session.userId, keys);
    return { ...toPerson(session), names };
  }

  /** @param key names the request, as its sender repeats it */
  async answer(
    session: Session,
    token: string,
    { decision, comment, data }: AnswerBody,
    key: string | null,
  ): Promise<AnswerView> {
    const approval = await this.#visible(session, token);
    if (apiKeyOfUser(session.userId) !== null) {
      throw new ApiError(403, 'not_entitled', 'A person is asked: an API key cannot answer.');
    }
    const by = toPerson(session);
    const given = { comment: comment ?? null, data: data ?? null };
    const result = await this.#ports.control.answer({ token, decision, by, ...given }, key, approval);
    return { run_id: approval.run_id, ...result };
  }

  /**
   * The same for a caller who names the run, too.
   * @throws ApiError 409 `approval_conflict` for a token that is not one of this run's, whether it is another's or none
   */
  async resume(
    session: Session,
    runId: string,
    token: string,
    body: AnswerBody,
    key: string | null,
  ): Promise<AnswerView> {
    await visibleRun(this.#ports.runs, session, runId);
    const approval = await this.#ports.approvals.get(token);
    if (approval?.run_id !== runId) {
      throw new ApiError(409, 'approval_conflict', 'This run has no open question with this correlation token.');
    }
    return this.answer(session, token, body, key);
  }

  async reassign(
    session: Session,
    token: string,
    { approvers, reason }: ReassignBody,
    key: string | null,
  ): Promise<ApprovalView> {
    await this.#visible(session, token);
    const { roles = [], users = [] } = approvers;
    const by = toPerson(session);
    const given = { roles, users };
    await this.#ports.control.reassign({ token, approvers: given, by, reason: reason ?? null }, key);
    // The run writes it into the inbox a moment later.
    return this.#view({ ...(await this.#visible(session, token)), approvers: given }, session);
  }

  /** @throws ApiError 404 `approval_not_found`, also for one of another brand */
  async #visible(session: Session, token: string): Promise<Approval> {
    const approval = await this.#ports.approvals.get(token);
    if (approval !== null && maySee(session, approval.tenant)) return approval;
    throw new ApiError(404, 'approval_not_found', 'There is no such approval.');
  }
}
