/** Types of CRM events that were seen on Kafka and not announced before: offered to authors of rules. */
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

export interface ObservedEventType {
  name: string;
  /** ISO 8601 UTC. */
  first_seen_at: string;
  /** What the first event of this type carried; names and types only. */
  fields: ObservedField[];
}

export interface ObservedEventTypes {
  /** Those that are there already stay as they are. */
  add(triggers: ObservedEventType[]): Promise<void>;
  has(name: string): Promise<boolean>;
  /** By name. */
  list(): Promise<ObservedEventType[]>;
}

/** No producer means a longer name, and rules cannot be for one. */
const maxNameLength = 200;
const maxFields = 50;

/** Whether rules may be for the event's type without anybody having said that there is such a type. */
export function isUnannounced({ trigger }: PlatformEvent): boolean {
  return trigger !== null && !isKnownTrigger(trigger) && trigger.length <= maxNameLength;
}

/** @param at ISO 8601 UTC */
export function toObservedEventType(
  { trigger, data }: PlatformEvent & { trigger: string },
  at: string,
): ObservedEventType {
  return { name: trigger, first_seen_at: at, fields: readFields(data, 'event').slice(0, maxFields) };
}

/** Two levels: what lies deeper is for those who know their events. */
function readFields(data: Record<string, unknown>, above: string): ObservedField[] {
  return Object.entries(data).flatMap(([name, value]) => {
    const path = `${above}.${name}`;
    if (!isFieldPath(path)) return [];
    if (isJsonObject(value)) return above === 'event' ? readFields(value, path) : [];
    const type = typeof value;
    return type === 'string' || type === 'number' || type === 'boolean' ? [{ path, type }] : [];
  });
}
