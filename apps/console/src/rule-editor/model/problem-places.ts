/** Which of the problems that validation names belong to a place of the form. Paths are those of the API. */

export interface Problem {
  path: string;
  code: string;
  message: string;
}

/** @returns whether a path is that of a place, or of something within it */
export function isWithin(path: string, place: string): boolean {
  if (place === '' || path === place) return true;
  return path.startsWith(place) && (path[place.length] === '.' || path[place.length] === '[');
}

/** @param except places within this one that show theirs themselves */
export function problemsIn(problems: readonly Problem[], place: string, except: readonly string[] = []): Problem[] {
  return problems.filter(({ path }) => isWithin(path, place) && !except.some((inner) => isWithin(path, inner)));
}

/** @returns the innermost of the places that a path is within, or null */
export function placeOf(path: string, places: readonly string[]): string | null {
  const around = places.filter((place) => isWithin(path, place));
  return around.reduce<string | null>((best, one) => (best === null || one.length > best.length ? one : best), null);
}

/** The path of a member, as validation writes it. */
export function memberPath(parent: string, name: string): string {
  const short = name.length > 60 ? `${name.slice(0, 59)}…` : name;
  if (!/^[\w$-]+$/.test(short)) return `${parent}[${JSON.stringify(short)}]`;
  return parent === '' ? short : `${parent}.${short}`;
}

/** The message without the path that it begins with: the form shows it at the place. */
export function withoutPath({ path, message }: Problem): string {
  if (path === '' || !message.startsWith(path)) return message;
  return message.slice(path.length).replace(/^:?\s+/, '');
}
