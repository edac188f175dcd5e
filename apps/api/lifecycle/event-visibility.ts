/** What of a lifecycle event a session may see. */
import type { Approval } from '#libs/domain/approvals/approval.ts';
import type { KeptEvent } from '#libs/domain/runs/lifecycle-log.ts';
import type { Session } from '../auth/authenticate.ts';
import type { LifecycleEventView } from './lifecycle.schema.ts';

interface Ports {
  approvals: { get(token: string): Promise<Approval | null> };
  mayAnswer(session: Session, approval: Approval): Promise<boolean>;
}

export class EventVisibility {
  readonly #ports: Ports;

  constructor(ports: Ports) {
    this.#ports = ports;
  }

  /** The text of the CloudEvent for this session: as it was published, but for a token that is not for it. */
  async textFor(event: KeptEvent, session: Session): Promise<string> {
    if (event.type !== 'WorkflowPaused' && event.type !== 'WorkflowResumed') return event.text;
    if (session.role === 'SESSION_ADMIN') return event.text;
    const view = JSON.parse(event.text) as LifecycleEventView;
    const { data } = view;
    const token = 'correlationToken' in data ? data.correlationToken : null;
    const approval = token === null ? null : await this.#ports.approvals.get(token);
    if (approval !== null && (await this.#ports.mayAnswer(session, approval))) return event.text;
    return JSON.stringify({ ...view, data: { ...data, correlationToken: null } });
  }
}
