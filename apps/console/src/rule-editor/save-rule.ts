import type { components } from '../shared/api-types.ts';
import { api, dataOf } from '../shared/client.ts';
import type { JsonObject } from './model/condition-tree.ts';

export interface Given {
  /** Empty: a new rule. */
  ruleId: string;
  version: number;
  /** The rule as JSON: of any depth, which the serializer of the client is not made for. */
  text: string;
}

type Written = components['schemas']['Rule'];

/** @throws ApiFailure, such as 409 `version_conflict` when another person has changed the rule since it was read */
export async function saveRule({ ruleId, version, text }: Given, idempotencyKey: string): Promise<Written> {
  // The serializer alone says what is sent.
  const rule = {} as JsonObject as components['schemas']['RuleDefinition'];
  const { rule: written } = await dataOf(
    ruleId === ''
      ? api.POST('/api/workflow/rules', {
          params: { header: { 'Idempotency-Key': idempotencyKey } },
          body: { rule },
          bodySerializer: () => `{"rule":${text}}`,
        })
      : api.PUT('/api/workflow/rules/{id}', {
          params: { path: { id: ruleId } },
          body: { rule, version },
          bodySerializer: () => `{"rule":${text},"version":${version}}`,
        }),
  );
  return written;
}
