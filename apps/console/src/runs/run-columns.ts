/** The columns of the list of runs, of which each person chooses in their browser. */
import { useLocalStorage } from '@mantine/hooks';

/** In the order in which they are shown; the run itself always is. */
export const runColumns = [
  'status',
  'run',
  'rule',
  'event',
  'event_id',
  'customer',
  'decided',
  'started',
  'finished',
  'duration',
  'waits',
  'error',
  'reason',
] as const;
export type RunColumn = (typeof runColumns)[number];

export const shownAtFirst: readonly RunColumn[] = ['status', 'run', 'rule', 'event', 'customer', 'decided', 'duration'];

export function readColumns(text: string | undefined): RunColumn[] {
  let kept: unknown;
  try {
    kept = JSON.parse(text ?? '');
  } catch {
    return [...shownAtFirst];
  }
  if (!Array.isArray(kept)) return [...shownAtFirst];
  return runColumns.filter((name) => name === 'run' || kept.includes(name));
}

export function useRunColumns() {
  const [columns, setColumns] = useLocalStorage<RunColumn[]>({
    key: 'signalbox.run-columns',
    defaultValue: [...shownAtFirst],
    deserialize: readColumns,
    getInitialValueInEffect: false,
  });
  const toggle = (column: RunColumn): void =>
    setColumns((shown) =>
      runColumns.filter((name) => (name === column ? !shown.includes(name) : shown.includes(name))),
    );
  return { columns, toggle };
}
