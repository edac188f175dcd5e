/** Keys for machines: made and revoked by administrators, for no more brands than they are for themselves. */
import type { AddApiKeyBody, ApiKeysQuery } from '#libs/contracts/api-key.schema.ts';
import { apiKeyOfUser, drawApiKey, type ApiKey } from '#libs/domain/access/api-key.ts';
import type { Audited } from '#libs/domain/access/audit-log.ts';
import { PermanentError, type Problem } from '#libs/domain/errors/errors.ts';
import type { ApiKeys } from '#libs/store/access/api-key.repository.ts';
import { ApiError } from '../http/api.error.ts';
import type { Session } from '../auth/authenticate.ts';

export interface ApiKeyServicePorts {
  keys: ApiKeys;
  audited: Audited;
}

export class ApiKeysService {
  readonly #ports: ApiKeyServicePorts;

  constructor(ports: ApiKeyServicePorts) {
    this.#ports = ports;
  }

  /**
   * @param request `Idempotency-Key`: the same request sent again makes nothing, and cannot be told the key any more
   * @returns the key itself with what is kept of it: it is never told again
   * @throws ApiError 403 `access_denied`, 409 `api_key_made`, 422 `invalid_body`
   */
  async add(session: Session, body: AddApiKeyBody, request: string | null): Promise<{ api_key: ApiKey; key: string }> {
    if (apiKeyOfUser(session.userId) !== null) throw refused('An API key cannot make keys: a person has to.');
    const brands = readBrands(session, body.brands ?? null);
    const now = new Date();
    const { name, role, expires_at = null } = body;
    if (expires_at !== null && Date.parse(expires_at) <= now.getTime()) {
      const details: Problem[] = [{ path: 'expires_at', code: 'wrong_value', message: 'must lie in the future' }];
      throw new ApiError(422, 'invalid_body', 'The body is wrong; see details.', details);
    }
    const { api_key_id, text, hash } = drawApiKey(request && JSON.stringify([session.userId, request]));
    const made = { created_at: now.toISOString(), created_by: session.userId };
    const api_key: ApiKey = { api_key_id, name, role, brands, ...made, expires_at, revoked_at: null, revoked_by: null };
    const note = buildAuditEvent('api_key.create', session, api_key, { name, role, brands, expires_at });
    await this.#ports.audited(note, async () => {
      if (await this.#ports.keys.add({ ...api_key, hash })) return;
      const message = `This request has made key ${api_key_id} before, which is shown once: revoke it and make another.`;
      throw new PermanentError('api_key_made', message);
    });
    return { api_key, key: text };
  }

  /** Newest first, those that are for no other brands. */
  async list(
    session: Session,
    { cursor, limit }: ApiKeysQuery,
  ): Promise<{ api_keys: ApiKey[]; next_cursor: string | null }> {
    const { items, nextCursor } = await this.#ports.keys.list(({ brands }) => isWithin(session, brands), {
      limit,
      ...(cursor !== undefined && { cursor }),
    });
    return { api_keys: items, next_cursor: nextCursor };
  }

  /** May be repeated. @throws ApiError 404 `api_key_not_found`, also for one of other brands */
  async revoke(session: Session, id: string): Promise<ApiKey> {
    const key = await this.#ports.keys.get(id);
    if (key === null || !isWithin(session, key.brands)) throw notFound();
    const at = new Date().toISOString();
    const revoked = await this.#ports.audited(buildAuditEvent('api_key.revoke', session, key, { name: key.name }), () =>
      this.#ports.keys.revoke(id, session.userId, at),
    );
    if (revoked === null) throw notFound();
    return revoked;
  }
}

function buildAuditEvent(
  operation: 'api_key.create' | 'api_key.revoke',
  { userId: by }: Session,
  { api_key_id, brands }: ApiKey,
  what: object,
): Parameters<Audited>[0] {
  const [brand = null, ...others] = brands ?? [];
  return { operation, target: `api_key/${api_key_id}`, brand: others.length === 0 ? brand : null, by, what };
}

function readBrands(session: Session, asked: string[] | null): string[] | null {
  if (asked === null) return session.brands === null ? null : [...session.brands];
  if (!isWithin(session, asked)) throw refused('This session is not for all of these brands.');
  return [...new Set(asked)];
}

function isWithin({ brands: own }: Session, brands: readonly string[] | null): boolean {
  return own === null || (brands !== null && brands.every((brand) => own.includes(brand)));
}

function notFound(): ApiError {
  return new ApiError(404, 'api_key_not_found', 'There is no such API key.');
}

function refused(message: string): ApiError {
  return new ApiError(403, 'access_denied', message);
}
