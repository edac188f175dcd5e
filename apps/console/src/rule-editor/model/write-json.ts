/** JSON of any depth: what the language offers recurses, and conditions may nest more deeply than its stack. */

export function isDeeper(value: unknown, levels: number): boolean {
  const pending: { value: unknown; level: number }[] = [{ value, level: 1 }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (typeof next.value !== 'object' || next.value === null) continue;
    if (next.level > levels) return true;
    for (const one of Object.values(next.value)) pending.push({ value: one, level: next.level + 1 });
  }
  return false;
}

export function writeJson(value: unknown): string {
  const parts: string[] = [];
  const pending: ({ text: string } | { value: unknown })[] = [{ value }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if ('text' in next) {
      parts.push(next.text);
      continue;
    }
    const { value: one } = next;
    if (typeof one !== 'object' || one === null) {
      parts.push(JSON.stringify(one) ?? 'null');
      continue;
    }
    const isList = Array.isArray(one);
    const inner = Object.entries(one).flatMap(([name, member], index) => [
      { text: `${index === 0 ? '' : ','}${isList ? '' : `${JSON.stringify(name)}:`}` },
      { value: member as unknown },
    ]);
    pending.push({ text: isList ? ']' : '}' }, ...inner.reverse(), { text: isList ? '[' : '{' });
  }
  return parts.join('');
}
