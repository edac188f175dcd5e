/** How deeply values are nested, found out without recursion. */

/** @returns whether objects and lists lie more than `limit` inside one another, the value itself being the first. */
export function isDeeperThan(root: unknown, limit: number): boolean {
  let level: unknown[] = [root];
  for (let depth = 0; level.length > 0; depth += 1) {
    const containers = level.filter((value) => typeof value === 'object' && value !== null);
    if (containers.length > 0 && depth >= limit) return true;
    level = containers.flatMap((value) => Object.values(value));
  }
  return false;
}
