import type { components } from '../shared/api-types.ts';
import type { Rule } from '../shared/client.ts';

export type RuleDefinition = components['schemas']['RuleDefinition'];

/** What a person wrote of a stored rule, to be asked about. @param status it is to have */
export function toDefinition(rule: Rule, status: Rule['status']): RuleDefinition {
  const { id, name, description, brand, trigger_event, priority, stop_after, conditions, actions } = rule;
  const { re_enroll, limit, process } = rule;
  return {
    id,
    name,
    description,
    brand,
    trigger_event,
    priority,
    stop_after,
    conditions,
    actions,
    status: status === 'archived' ? 'inactive' : status,
    ...(re_enroll !== undefined && { re_enroll }),
    ...(limit !== undefined && { limit }),
    ...(process !== undefined && { process }),
  };
}
