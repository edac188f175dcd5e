/**
 * What an effect changed is an event that rules may follow. It is published before the effect counts as done, under an
 * id that follows from the effect's key: a crash in between publishes it again, and the ingress takes it once.
 */
import type { CrmEnvelope } from '#libs/contracts/crm-message.ts';
import type { ActionResult, ActionTarget } from '#temporal/contract/activities.ts';

export interface EmittedEvent {
  /** The trigger. */
  type: string;
  /** The same on every attempt: an event of the same id with other data is none. Holds nothing secret. */
  data: Record<string, unknown>;
  /** When the change was made, ISO 8601 UTC. */
  at: string;
}

/** `emits` stays in the worker: it never becomes part of Temporal's history. Left out: nothing has changed. */
export type EffectResult = ActionResult & { emits?: EmittedEvent[] };

export interface CrmPublisherPort {
  /** Resolves when they are durable. Throws RetryableError `publish_failed`. */
  publish(events: readonly CrmEnvelope[]): Promise<void>;
}

/** The effect together with the publication of what it emits. */
export function withEvents<Input extends ActionTarget>(
  effect: (input: Input) => Promise<EffectResult>,
  crm: CrmPublisherPort,
): (input: Input) => Promise<ActionResult> {
  return async (input) => {
    const { emits = [], ...result } = await effect(input);
    if (emits.length > 0) await crm.publish(toEnvelopes(input, emits));
    return result;
  };
}

/** Of the run's brand, about its account and customer; caused by its event and whatever led to that. */
export function toEnvelopes(subject: ActionTarget, emits: readonly EmittedEvent[]): CrmEnvelope[] {
  const { key, tenant, login, customerId, causation = [], eventId } = subject;
  return emits.map(({ type, data, at }, index) => ({
    id: emits.length === 1 ? key : `${key}/${index}`,
    type,
    occurredAt: at,
    ...(tenant !== null && { brand: tenant }),
    ...(login !== null && { login }),
    ...(customerId !== null && { customerId }),
    causation: [...causation, eventId],
    data,
  }));
}
