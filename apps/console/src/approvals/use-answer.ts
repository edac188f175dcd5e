import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { api, dataOf, newIdempotencyKey } from '../shared/client.ts';

export interface Decision {
  decision: 'approve' | 'reject';
  comment: string;
}

/** Sends a decision. The same one has the same Idempotency-Key however often it is sent, and only one is under way. */
export function useAnswer(token: string) {
  const queries = useQueryClient();
  const keys = useRef(new Map<string, string>());
  const isUnderWay = useRef(false);
  const mutation = useMutation({
    mutationFn: async ({ decision, comment }: Decision) => {
      const params = { path: { token }, header: { 'Idempotency-Key': keyOf(keys.current, decision, comment) } };
      const body = comment === '' ? { decision } : { decision, comment };
      return (await dataOf(api.POST('/api/workflow/approvals/{token}', { params, body }))).answer;
    },
    onSettled: async () => {
      isUnderWay.current = false;
      await queries.invalidateQueries({ queryKey: ['approval', token] });
    },
  });
  const send = (decision: Decision): void => {
    if (isUnderWay.current) return;
    isUnderWay.current = true;
    mutation.mutate(decision);
  };
  return { ...mutation, send };
}

function keyOf(keys: Map<string, string>, decision: string, comment: string): string {
  const content = `${decision} ${comment}`;
  const key = keys.get(content) ?? newIdempotencyKey();
  keys.set(content, key);
  return key;
}
