/** Types of CRM events that nobody had to announce: seen on Kafka, and so offered to whoever writes rules. */
import type { PlatformEvent } from '../events/platform-event.ts';
import { isFieldPath } from './field-path.ts';
import type { FieldType } from './fields.ts';
import { isJsonObject } from '../json/json-object.ts';
import { isKnownTrigger } from '../events/triggers.ts';

export interface ObservedField {
  /** Such as `event.amount`. */
  path: string;
  type: Extract<FieldType, 'string' | 'number' | 'boolean'>;
}

export interface ObservedTrigger {
  name: string;
  /** ISO 8601 UTC. */
  first_seen_at: string;
  /** What the first event of this type carried; names and types only. */
  fields: ObservedField[];
}

export interface ObservedTriggers {
  /** Those that are there already stay as they are. */
  add(triggers: ObservedTrigger[]): Promise<void>;
  has(name: string): Promise<boolean>;
  /** By name. */
  list(): Promise<ObservedTrigger[]>;
}

/** No producer means a longer name, and rules cannot be for one. */
const longestName = 200;
const mostFields = 50;

/** Whether rules may be for the event's type without anybody having said that there is such a type. */
export function isUnannounced({ trigger }: PlatformEvent): boolean {
  return trigger !== null && !isKnownTrigger(trigger) && trigger.length <= longestName;
}

/** @param at ISO 8601 UTC */
export function observedTriggerOf({ trigger, data }: PlatformEvent & { trigger: string }, at: string): ObservedTrigger {
  return { name: trigger, first_seen_at: at, fields: fieldsOf(data, 'event').slice(0, mostFields) };
}

/** Two levels: what lies deeper is for those who know their events. */
function fieldsOf(data: Record<string, unknown>, above: string): ObservedField[] {
  return Object.entries(data).flatMap(([name, value]) => {
    const path = `${above}.${name}`;
    if (!isFieldPath(path)) return [];
    if (isJsonObject(value)) return above === 'event' ? fieldsOf(value, path) : [];
    const type = typeof value;
    return type === 'string' || type === 'number' || type === 'boolean' ? [{ path, type }] : [];
  });
}
