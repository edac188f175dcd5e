/** What administrators do with incoming webhook applications. Every change is on record before it is made. */
import { randomBytes } from 'node:crypto';
import type { AuditOperation, Audited } from '#libs/domain/access/audit-log.ts';
import type { UserReader } from '#libs/domain/directory/directory-user.ts';
import { InvalidInputError, PermanentError } from '#libs/domain/errors/errors.ts';
import {
  drawToken,
  type StoredWebhookApplication,
  type WebhookApplication,
  type WebhookApplicationDraft,
} from '#libs/domain/hooks/webhook-application.ts';
import { sha256 } from '#libs/domain/values/sha256.ts';
import type { WebhookApplications } from '#libs/store/hooks/webhook-application.repository.ts';
import type { Page, PageRequest } from '#libs/store/mongo/keyset-page.ts';

export interface ApplicationAdminPorts {
  applications: WebhookApplications;
  users: Pick<UserReader, 'userByName'>;
  audited: Audited;
}

/** The token is told here and nowhere else. */
export interface WithToken {
  application: WebhookApplication;
  token: string;
}

/** What is left out stays as it is. */
export type ApplicationChange = {
  [Name in Exclude<keyof WebhookApplicationDraft, 'enabled'>]?: WebhookApplicationDraft[Name] | undefined;
};

export class ApplicationAdmin {
  readonly #ports: ApplicationAdminPorts;

  constructor(ports: ApplicationAdminPorts) {
    this.#ports = ports;
  }

  /**
   * @param request names the request: sent again, it makes nothing, and cannot be told the token any more
   * @throws InvalidInputError for a user who is not there, PermanentError `application_made`
   */
  async create(by: string, draft: WebhookApplicationDraft, request: string | null = null): Promise<WithToken> {
    await this.#refuseStranger(draft.impersonate_username);
    const { token, token_hash } = drawToken();
    const application = buildApplication(drawId(by, request), draft, by);
    const note = buildNote('hook.create', by, application.application_id, draft);
    await this.#ports.audited(note, async () => {
      if (!(await this.#ports.applications.add({ ...application, token_hash }))) throw madeBefore(application);
    });
    return { application, token };
  }

  /** @throws PermanentError `application_not_found` */
  async get(id: string): Promise<WebhookApplication> {
    return present(await this.#ports.applications.get(id));
  }

  /** Newest first. @throws InvalidInputError for a wrong cursor */
  list(page: PageRequest): Promise<Page<WebhookApplication>> {
    return this.#ports.applications.list(page);
  }

  /**
   * @param version as it was read; null: whatever it is
   * @throws InvalidInputError for a user who is not there, PermanentError `application_not_found`, `version_conflict`
   */
  async update(by: string, id: string, change: ApplicationChange, version: number | null): Promise<WebhookApplication> {
    await this.#refuseStranger(change.impersonate_username ?? null);
    const wanted = withoutAbsent(change);
    return this.#change('hook.update', by, id, wanted, (stored) => {
      if (version !== null && stored.version !== version) throw changedMeanwhile(stored.version);
      return { ...stored, ...wanted };
    });
  }

  /** A disabled one is answered as if it were not there. @throws PermanentError `application_not_found` */
  setEnabled(by: string, id: string, enabled: boolean): Promise<WebhookApplication> {
    const operation = enabled ? 'hook.enable' : 'hook.disable';
    return this.#change(operation, by, id, undefined, (stored) => ({ ...stored, enabled }));
  }

  /** The token before it is good for nothing from then on. @throws PermanentError `application_not_found` */
  async regenerateToken(by: string, id: string): Promise<WithToken> {
    const { token, token_hash } = drawToken();
    const application = await this.#change('hook.regenerate', by, id, undefined, (stored) => ({
      ...stored,
      token_hash,
      token_created_at: new Date().toISOString(),
    }));
    return { application, token };
  }

  /** @throws PermanentError `application_not_found` */
  async delete(by: string, id: string): Promise<void> {
    const { name } = await this.get(id);
    await this.#ports.audited(buildNote('hook.delete', by, id, { name }), async () => {
      if (!(await this.#ports.applications.remove(id))) throw notFound();
    });
  }

  async #change(
    operation: AuditOperation,
    by: string,
    id: string,
    what: object | undefined,
    change: (stored: StoredWebhookApplication) => StoredWebhookApplication,
  ): Promise<WebhookApplication> {
    await this.get(id);
    return this.#ports.audited(buildNote(operation, by, id, what), async () =>
      present(
        await this.#ports.applications.change(id, (stored) => ({
          ...change(stored),
          updated_at: new Date().toISOString(),
          updated_by: by,
        })),
      ),
    );
  }

  async #refuseStranger(username: string | null): Promise<void> {
    if (username === null || (await this.#ports.users.userByName(username)) !== null) return;
    const message = `there is no user "${username}" in the directory: add the user first (signalbox directory apply)`;
    throw new InvalidInputError('The application is wrong; see details.', [
      { path: 'impersonate_username', code: 'unknown_user', message },
    ]);
  }
}

/** Where operations are posted. @param base as callers reach the API. @param path in front of the token, as `/hooks` */
export function hookUrl(base: string, path: string, token: string): string {
  return `${base.replace(/\/+$/, '')}${path}/${token}`;
}

function buildNote(operation: AuditOperation, by: string, id: string, what?: object): Parameters<Audited>[0] {
  return { operation, target: `hook/${id}`, brand: null, by, ...(what !== undefined && { what }) };
}

function drawId(by: string, request: string | null): string {
  return request === null ? randomBytes(8).toString('hex') : sha256(JSON.stringify([by, request])).slice(0, 16);
}

function buildApplication(application_id: string, draft: WebhookApplicationDraft, by: string): WebhookApplication {
  const { name, description, impersonate_username, enabled } = draft;
  const at = new Date().toISOString();
  return {
    application_id,
    name,
    description,
    impersonate_username,
    enabled,
    version: 1,
    created_at: at,
    created_by: by,
    updated_at: at,
    updated_by: by,
    token_created_at: at,
  };
}

function withoutAbsent(change: ApplicationChange): Partial<WebhookApplicationDraft> {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
}

function present(application: WebhookApplication | null): WebhookApplication {
  if (application === null) throw notFound();
  return application;
}

function notFound(): PermanentError {
  return new PermanentError('application_not_found', 'There is no such incoming webhook application.');
}

function changedMeanwhile(version: number): PermanentError {
  const message = `The application is at version ${version}: read it again, and send your change with that version.`;
  return new PermanentError('version_conflict', message);
}

function madeBefore({ application_id }: WebhookApplication): PermanentError {
  const message = `This request has made application ${application_id} before, whose token is shown once: regenerate it for another one.`;
  return new PermanentError('application_made', message);
}
