import { api, dataOf } from '../shared/client.ts';
import { useWrite } from '../shared/use-write.ts';

export interface Decision {
  decision: 'approve' | 'reject';
  comment: string;
}

/** Sends a decision. */
export function useAnswer(token: string) {
  return useWrite(
    async ({ decision, comment }: Decision, key) => {
      const params = { path: { token }, header: { 'Idempotency-Key': key } };
      const body = comment === '' ? { decision } : { decision, comment };
      return (await dataOf(api.POST('/api/workflow/approvals/{token}', { params, body }))).answer;
    },
    { changes: [['approval', token]] },
  );
}
