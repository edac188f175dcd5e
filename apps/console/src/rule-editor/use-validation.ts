/** Asks the API about the rule while it is typed. */
import { useQuery } from '@tanstack/react-query';
import { useDebouncedValue } from '@mantine/hooks';
import { api, dataOf } from '../shared/client.ts';
import type { ShownProblem } from './editor-tools.ts';

export interface Validation {
  problems: readonly ShownProblem[];
  /** Whether the problems are those of the rule as it is now. */
  isCurrent: boolean;
  error: Error | null;
}

/** Milliseconds without a letter, after which the rule is checked. */
const pause = 400;

/** @param text the rule as JSON */
export function useValidation(text: string): Validation {
  const [asked] = useDebouncedValue(text, pause);
  const { data, error, isPlaceholderData } = useQuery({
    queryKey: ['rule-validation', asked],
    queryFn: ({ signal }) => validate(asked, signal),
    placeholderData: (before) => before,
    staleTime: 30_000,
    gcTime: 0,
    // Its own question stands in the key: a rule of any depth is one text there.
    structuralSharing: false,
  });
  return { problems: data ?? [], isCurrent: asked === text && data !== undefined && !isPlaceholderData, error };
}

async function validate(text: string, signal: AbortSignal): Promise<ShownProblem[]> {
  const { errors, warnings } = await dataOf(
    api.POST('/api/workflow/rules/validate', { body: { rule: {} }, bodySerializer: () => `{"rule":${text}}`, signal }),
  );
  return [
    ...errors.map((one) => ({ ...one, isWarning: false })),
    ...warnings.map((one) => ({ ...one, isWarning: true })),
  ];
}
