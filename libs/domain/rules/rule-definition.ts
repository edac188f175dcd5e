/** A rule as a person wrote it, and as it would be stored. */
import { toAdmissionPolicy } from './admission-policy.ts';
import type { Rule, RuleDefinition } from './rule.ts';

/** What a person wrote of it, in the order in which it is read; nothing that the server sets. */
export function toDefinition(rule: RuleDefinition): RuleDefinition {
  const { name, description, brand, trigger_event, priority, stop_after, status, process, conditions, actions } = rule;
  const head = { name, description, brand, trigger_event, priority, stop_after, status };
  return { ...head, ...toAdmissionPolicy(rule), ...(process !== undefined && { process }), conditions, actions };
}

/** A rule that is only looked at. @param id of the rule it would replace; null: none */
export function unsavedRule(definition: RuleDefinition, id: string | null, by: string): Rule {
  const at = new Date().toISOString();
  const times = { created_at: at, updated_at: at, archived_at: null };
  return { ...definition, id: id ?? 'new', version: 0, ...times, created_by: by, updated_by: by };
}
