import { Text } from '@mantine/core';
import { Untrusted } from '../../shared/untrusted.tsx';
import { useProblemsAt } from '../use-problems.ts';

/** What is wrong with a part as a whole, beyond what its own controls say. */
export function ProblemNote({ place, except = [] }: { place: string; except?: readonly string[] }) {
  const { error, warning } = useProblemsAt(place, except);
  return (
    <>
      {error !== undefined && (
        <Text size="sm" c="var(--mantine-color-error)">
          ✗ <Untrusted text={error} />
        </Text>
      )}
      {warning !== undefined && (
        <Text size="sm">
          ⚠ <Untrusted text={warning} />
        </Text>
      )}
    </>
  );
}
