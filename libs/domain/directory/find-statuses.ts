import type { Status } from './directory.ts';

/** What a rule means by a status: those of this code, else the one of this id. Brands may share a code. */
export function statusesNamed(all: readonly Status[], wanted: string | number): Status[] {
  const ofCode = all.filter(({ code }) => code === wanted);
  return ofCode.length > 0 ? ofCode : all.filter(({ id }) => id === wanted);
}
