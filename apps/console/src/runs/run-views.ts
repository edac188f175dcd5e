/** Filters that a person has given a name and keeps in this browser. */
import { useLocalStorage } from '@mantine/hooks';
import { filtersOf, readRunsSearch, type RunFilters } from './runs-search.ts';

export interface RunView {
  name: string;
  filters: RunFilters;
}

export const maxViews = 12;
export const maxNameLength = 60;

/** What was kept may be old, or of another build: what is no view is left out. */
export function readViews(text: string | undefined): RunView[] {
  let kept: unknown;
  try {
    kept = JSON.parse(text ?? '[]');
  } catch {
    return [];
  }
  if (!Array.isArray(kept)) return [];
  return kept.flatMap((one: unknown): RunView[] => {
    const { name, filters } = (one ?? {}) as Record<string, unknown>;
    const isView = typeof name === 'string' && name !== '' && typeof filters === 'object' && filters !== null;
    return isView ? [{ name: name.slice(0, maxNameLength), filters: filtersOf(readRunsSearch({ ...filters })) }] : [];
  });
}

/** One of the same name is replaced. */
export function withView(views: readonly RunView[], view: RunView): RunView[] {
  return [...views.filter(({ name }) => name !== view.name), view].slice(-maxViews);
}

export function useRunViews() {
  const [views, setViews] = useLocalStorage<RunView[]>({
    key: 'signalbox.run-views',
    defaultValue: [],
    deserialize: readViews,
    getInitialValueInEffect: false,
  });
  return {
    views,
    save: (view: RunView) => setViews((all) => withView(all, view)),
    remove: (name: string) => setViews((all) => all.filter((one) => one.name !== name)),
  };
}
