import { placeOf } from './model/problem-places.ts';

/** Puts the focus on the control of a path, or on the first one of the part that the path is in. */
export function jumpTo(path: string): void {
  const elements = [...document.querySelectorAll<HTMLElement>('[data-place]')];
  const place = placeOf(
    path,
    elements.map(({ dataset }) => dataset['place'] ?? ''),
  );
  const element = elements.find(({ dataset }) => dataset['place'] === place);
  if (element === undefined) return;
  const details = element.closest('details');
  if (details !== null) details.open = true;
  const controls = 'input, select, textarea, button';
  const control = element.matches(controls) ? element : element.querySelector<HTMLElement>(controls);
  control?.scrollIntoView({ block: 'center' });
  control?.focus();
}
