/** Previews of templates: on data of no customer, or on those of an event that is kept. */
import type { TemplatePreviewBody } from '#libs/contracts/directory-record.schema.ts';
import type { RuntimeContext } from '#libs/domain/context/evaluation-context.ts';
import type { EvaluatedEvents } from '#libs/domain/matching/evaluated-event.ts';
import { maySee } from '../auth/brand-scope.ts';
import type { Session } from '../auth/authenticate.ts';
import type { Compute } from '../compute/compute.pool.ts';
import { ApiError } from '../http/api.error.ts';
import type { TemplatePreview } from './directory.schema.ts';
import { sampleContext } from './template-preview.ts';

export class TemplatePreviewService {
  constructor(
    private readonly events: Pick<EvaluatedEvents, 'get'>,
    private readonly compute: Compute,
  ) {}

  /** @throws ApiError 404 `event_not_kept`, also for one of a brand the session is not for; what computing throws */
  async show(session: Session, { template, event_id }: TemplatePreviewBody): Promise<TemplatePreview> {
    const context = event_id === undefined ? sampleContext(template.brand) : await this.#contextOf(session, event_id);
    return this.compute.run(session.userId, 'preview', { template, context });
  }

  async #contextOf(session: Session, eventId: string): Promise<RuntimeContext> {
    const events = await this.events.get(eventId);
    const event = events.find(({ context }) => maySee(session, context.brand));
    if (event !== undefined) return event.context;
    throw new ApiError(404, 'event_not_kept', 'Nothing is kept of such an event: it is unknown, or too old.');
  }
}
