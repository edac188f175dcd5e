import { useCallback, useState, type FocusEvent } from 'react';

/**
 * Milliseconds after which a place that was left counts as such: by then the rule was checked as it is. At once, a
 * message would push away the button that is just being pressed.
 */
const pause = 700;

/** The places of the form that were left: what is missing there is a mistake by now. */
export function useTouched(): [ReadonlySet<string>, (event: FocusEvent) => void] {
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const touch = useCallback(({ target }: FocusEvent): void => {
    // A button stands within a place that has inputs, which were not come to by it.
    if (!target.matches('input, select, textarea')) return;
    const place = target.closest<HTMLElement>('[data-place]')?.dataset['place'];
    if (place === undefined) return;
    setTimeout(() => setTouched((before) => (before.has(place) ? before : new Set([...before, place]))), pause);
  }, []);
  return [touched, touch];
}
