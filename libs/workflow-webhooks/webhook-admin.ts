/** What people do with workflow webhooks. Every change is on record before it is made. */
import type { AddWebhookBody, UpdateWebhookBody } from '#libs/contracts/workflow-webhook.schema.ts';
import type { AuditEvent, AuditOperation, Audited } from '#libs/domain/access/audit-log.ts';
import { InvalidInputError, PermanentError } from '#libs/domain/errors/errors.ts';
import { drawWebhookKey, withNewKey, withoutKey } from '#libs/domain/workflow-webhooks/webhook-key.ts';
import {
  toShownWebhook,
  usualEventTypes,
  type StoredWorkflowWebhook,
  type WorkflowWebhook,
  type WorkflowWebhooks,
} from '#libs/domain/workflow-webhooks/workflow-webhook.ts';

export interface WebhookAdminPorts {
  webhooks: WorkflowWebhooks;
  audited: Audited;
  /** How long a key stays valid beside its successor, in hours. */
  keyOverlapHours: number;
  /** Called after each change, before its caller is told. */
  onChange: () => void;
}

export interface Actor {
  /** User id. */
  by: string;
  /** The only brands that the actor may see; null = all. */
  brands: readonly string[] | null;
}

/** A key is told here and nowhere else. */
export interface WithKey {
  webhook: WorkflowWebhook;
  key: string;
}

export interface WebhookPage {
  items: WorkflowWebhook[];
  nextCursor: string | null;
}

const hourMs = 3_600_000;

export class WebhookAdmin {
  readonly #ports: WebhookAdminPorts;

  constructor(ports: WebhookAdminPorts) {
    this.#ports = ports;
  }

  /** @throws PermanentError `access_denied`, `webhook_exists`; InvalidInputError */
  async create(actor: Actor, wanted: AddWebhookBody): Promise<WithKey> {
    const now = new Date();
    const { text, key } = drawWebhookKey(actor.by, now);
    const brand = acceptBrand(actor, wanted.brand);
    const event_types = wanted.event_types ?? usualEventTypes;
    const at = now.toISOString();
    const times = { created_at: at, created_by: actor.by, updated_at: at, updated_by: actor.by };
    const webhook: StoredWorkflowWebhook = { ...wanted, brand, event_types, keys: [key], version: 1, ...times };
    await this.#ports.audited(buildNote('webhook.create', actor, webhook, { ...wanted, brand }), async () => {
      if (await this.#ports.webhooks.add(webhook)) return this.#ports.onChange();
      const message = `There is a workflow webhook ${wanted.id} already.`;
      throw new PermanentError('webhook_exists', message);
    });
    return { webhook: toShownWebhook(webhook, now.getTime()), key: text };
  }

  /** @throws PermanentError `webhook_not_found`, as all below */
  async get(actor: Actor, id: string): Promise<WorkflowWebhook> {
    return toShownWebhook(await this.#visible(actor, id), Date.now());
  }

  /** By their ids, those of the actor's brands. @throws InvalidInputError for a wrong cursor */
  async list(
    actor: Actor,
    { cursor, limit = 50 }: { cursor?: string | undefined; limit?: number },
  ): Promise<WebhookPage> {
    const after = cursor === undefined ? null : parseCursor(cursor);
    const all = await this.#ports.webhooks.all();
    const rest = all
      .filter((webhook) => isVisible(actor, webhook) && (after === null || webhook.id > after))
      .sort((a, b) => (a.id < b.id ? -1 : 1));
    const items = rest.slice(0, limit).map((webhook) => toShownWebhook(webhook, Date.now()));
    const last = items.at(-1);
    return { items, nextCursor: last !== undefined && rest.length > limit ? formatCursor(last.id) : null };
  }

  /** @throws PermanentError `access_denied`, `version_conflict` */
  update(actor: Actor, id: string, { version, ...wanted }: UpdateWebhookBody): Promise<WorkflowWebhook> {
    const change = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
    if (wanted.brand !== undefined) change['brand'] = acceptBrand(actor, wanted.brand);
    return this.#change('webhook.update', actor, id, change, (stored) => {
      if (version !== undefined && version !== stored.version) throw versionConflict(stored.version);
      return { ...stored, ...change };
    });
  }

  /** @param overlapHours left out: as the settings say @throws PermanentError `too_many_keys` */
  async rotateKey(actor: Actor, id: string, overlapHours = this.#ports.keyOverlapHours): Promise<WithKey> {
    const now = new Date();
    const { text, key } = drawWebhookKey(actor.by, now);
    const what = { key_id: key.key_id, overlap_hours: overlapHours };
    const webhook = await this.#change('webhook.rotate', actor, id, what, (stored) => ({
      ...stored,
      keys: withNewKey(stored.keys, key, overlapHours * hourMs, now),
    }));
    return { webhook, key: text };
  }

  /** The key, and every token it was good for, is refused from now on. @throws PermanentError `webhook_key_not_found` */
  revokeKey(actor: Actor, id: string, keyId: string): Promise<WorkflowWebhook> {
    return this.#change('webhook.revoke', actor, id, { key_id: keyId }, (stored) => {
      const keys = withoutKey(stored.keys, keyId);
      if (keys === null) throw new PermanentError('webhook_key_not_found', 'The webhook has no such key.');
      return { ...stored, keys };
    });
  }

  async delete(actor: Actor, id: string): Promise<void> {
    const stored = await this.#visible(actor, id);
    await this.#ports.audited(buildNote('webhook.delete', actor, stored, { name: stored.name }), async () => {
      const isGone = await this.#ports.webhooks.remove(id, (there) => refuseHidden(actor, there));
      if (!isGone) throw webhookNotFound();
      this.#ports.onChange();
    });
  }

  async #visible(actor: Actor, id: string): Promise<StoredWorkflowWebhook> {
    const stored = await this.#ports.webhooks.get(id);
    if (stored === null) throw webhookNotFound();
    refuseHidden(actor, stored);
    return stored;
  }

  async #change(
    operation: AuditOperation,
    actor: Actor,
    id: string,
    what: object,
    plan: (stored: StoredWorkflowWebhook) => StoredWorkflowWebhook,
  ): Promise<WorkflowWebhook> {
    const note = buildNote(operation, actor, await this.#visible(actor, id), what);
    return this.#ports.audited(note, async () => {
      const changed = await this.#ports.webhooks.change(id, (stored) => {
        // It may have become one of another brand meanwhile.
        refuseHidden(actor, stored);
        const version = stored.version + 1;
        return { ...plan(stored), version, updated_at: new Date().toISOString(), updated_by: actor.by };
      });
      if (changed === null) throw webhookNotFound();
      this.#ports.onChange();
      return toShownWebhook(changed, Date.now());
    });
  }
}

/** A webhook of no brand takes events of all. */
function isVisible({ brands }: Actor, { brand }: Pick<WorkflowWebhook, 'brand'>): boolean {
  return brands === null || (brand !== null && brands.includes(brand));
}

function refuseHidden(actor: Actor, webhook: StoredWorkflowWebhook): void {
  if (!isVisible(actor, webhook)) throw webhookNotFound();
}

function acceptBrand(actor: Actor, asked: string | null | undefined): string | null {
  const [only = null, ...others] = actor.brands ?? [];
  const brand = asked ?? (others.length === 0 ? only : null);
  if (isVisible(actor, { brand })) return brand;
  const message = 'This session is for some brands only: the webhook has to be for one of them.';
  throw new PermanentError('access_denied', message);
}

function buildNote(
  operation: AuditOperation,
  { by }: Actor,
  { id, brand }: Pick<WorkflowWebhook, 'id' | 'brand'>,
  what: object,
): AuditEvent {
  return { operation, target: `webhook/${id}`, brand, by, what };
}

function webhookNotFound(): PermanentError {
  return new PermanentError('webhook_not_found', 'There is no such workflow webhook.');
}

function versionConflict(version: number): PermanentError {
  return new PermanentError('version_conflict', `The webhook is at version ${version} by now: read it again.`);
}

function formatCursor(id: string): string {
  return Buffer.from(id).toString('base64url');
}

function parseCursor(cursor: string): string {
  const id = Buffer.from(cursor, 'base64url').toString();
  if (formatCursor(id) === cursor && id !== '') return id;
  const message = 'The cursor is not one that this list gave.';
  throw new InvalidInputError(message, [{ path: 'cursor', code: 'invalid_cursor', message }]);
}
