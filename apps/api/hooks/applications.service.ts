/**
 * Incoming webhook applications, for administrators of all brands: an application acts with the rights of any user, so
 * a session that is restricted to brands may neither see nor change one.
 */
import type {
  AddApplicationBody,
  ApplicationsQuery,
  UpdateApplicationBody,
} from '#libs/contracts/webhook-application.schema.ts';
import { apiKeyOfUser } from '#libs/domain/access/api-key.ts';
import { InvalidInputError } from '#libs/domain/errors/errors.ts';
import type { WebhookApplication } from '#libs/domain/hooks/webhook-application.ts';
import type { ApplicationAdmin, WithToken } from '#libs/hooks/application-admin.ts';
import type { Session } from '../auth/authenticate.ts';
import { ApiError } from '../http/api.error.ts';

/** Each method throws ApiError 403 `access_denied`, and what `ApplicationAdmin` throws. */
export class ApplicationsService {
  constructor(private readonly admin: ApplicationAdmin) {}

  /** @throws ApiError 422 `invalid_body` */
  async add(session: Session, body: AddApplicationBody, request: string | null): Promise<WithToken> {
    return this.admin.create(personOf(session), body, request).catch(toInvalidBody);
  }

  async list(
    session: Session,
    { cursor, limit }: ApplicationsQuery,
  ): Promise<{ applications: WebhookApplication[]; next_cursor: string | null }> {
    administratorOf(session);
    const { items, nextCursor } = await this.admin.list({ limit, ...(cursor !== undefined && { cursor }) });
    return { applications: items, next_cursor: nextCursor };
  }

  async get(session: Session, id: string): Promise<WebhookApplication> {
    administratorOf(session);
    return this.admin.get(id);
  }

  /** @throws ApiError 422 `invalid_body` */
  async update(
    session: Session,
    id: string,
    { version, ...change }: UpdateApplicationBody,
  ): Promise<WebhookApplication> {
    return this.admin.update(personOf(session), id, change, version ?? null).catch(toInvalidBody);
  }

  async setEnabled(session: Session, id: string, enabled: boolean): Promise<WebhookApplication> {
    return this.admin.setEnabled(administratorOf(session), id, enabled);
  }

  async regenerateToken(session: Session, id: string): Promise<WithToken> {
    return this.admin.regenerateToken(personOf(session), id);
  }

  async delete(session: Session, id: string): Promise<void> {
    return this.admin.delete(administratorOf(session), id);
  }
}

/** @returns the user */
export function administratorOf({ userId, brands }: Session): string {
  if (brands === null) return userId;
  const message = 'This session is for some brands: incoming webhooks are for administrators of all of them.';
  throw new ApiError(403, 'access_denied', message);
}

/** A key would get another secret, or more rights than its own, that outlives it. */
function personOf(session: Session): string {
  const userId = administratorOf(session);
  if (apiKeyOfUser(userId) === null) return userId;
  throw new ApiError(403, 'access_denied', 'An API key cannot do this: a person has to.');
}

/** What is wrong stands in the body, wherever it was found. */
function toInvalidBody(error: unknown): never {
  if (!(error instanceof InvalidInputError)) throw error;
  throw new ApiError(422, 'invalid_body', 'The body is wrong; see details.', error.problems);
}
