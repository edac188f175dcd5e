/** Condition trees as JSON text, the form in which they are stored. Any depth: nothing here recurses. */
import { writeJson } from '../json/stringify-json.ts';
import type { ConditionNode } from '../rules/rule.ts';

export function serializeConditions(node: ConditionNode): string {
  return writeJson(node);
}

/** @param text written by `serializeConditions`. @throws SyntaxError when it is not JSON. */
export function parseConditions(text: string): ConditionNode {
  return JSON.parse(text) as ConditionNode;
}
