import type { PlaceProblems } from '../use-problems.ts';
import { Untrusted } from '../../shared/untrusted.tsx';

/** The properties by which an input of Mantine says what is wrong with it, with a hint and a warning. */
export function notes({ error, warning }: PlaceProblems, hint?: string) {
  const description =
    warning === undefined ? (
      hint
    ) : (
      <>
        {hint} ⚠ <Untrusted text={warning} />
      </>
    );
  return {
    // Below the input, so that inputs beside one another stand in one line.
    inputWrapperOrder: ['label', 'input', 'description', 'error'] as ('label' | 'input' | 'description' | 'error')[],
    ...(error !== undefined && { error: <Untrusted text={error} /> }),
    ...(description !== undefined && description !== '' && { description }),
  };
}
