import { useQuery } from '@tanstack/react-query';
import { ApiFailure } from '../shared/client.ts';
import type { Theirs } from './conflict-panel.tsx';
import { withoutServerMembers } from './model/rule-model.ts';
import { readRule } from './rule-editor.queries.ts';

/** @returns what another person has saved, once a save was refused for it; null: there is no conflict */
export function useConflict(ruleId: string, error: Error | null): Theirs | null {
  const isConflict = ruleId !== '' && error instanceof ApiFailure && error.code === 'version_conflict';
  const { data } = useQuery({
    queryKey: ['rule-in-conflict', ruleId, error?.message],
    queryFn: async (): Promise<Theirs> => {
      const rule = await readRule(ruleId);
      return { version: rule.version, by: rule.updated_by, rule: withoutServerMembers(rule) };
    },
    enabled: isConflict,
    gcTime: 0,
    structuralSharing: false,
  });
  return isConflict ? (data ?? null) : null;
}
