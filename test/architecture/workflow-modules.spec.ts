/** Workflows of one worker share their modules (`bundledWorkflows`), so what a module keeps would leak between them. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);
const rooms: Record<string, string> = { '#libs': 'libs', '#temporal': 'temporal' };

/** Paths from the root of our modules that the workflows load; imports of types load nothing. */
function loadedModules(): string[] {
  const open = ['temporal/workflows/index.ts'];
  const found = new Set(open);
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const imports = read(path).matchAll(/^(?:import|export) (?!type )[^;]*?from '([^']+)';/gms);
    for (const [, name = ''] of imports) {
      const [first = '', ...rest] = name.split('/');
      const room = rooms[first];
      if (room === undefined && !name.startsWith('.')) continue;
      const target = new URL(room === undefined ? name : [room, ...rest].join('/'), new URL(room ? '' : path, root));
      const next = fileURLToPath(target).slice(fileURLToPath(root).length);
      if (!found.has(next)) open.push(next);
      found.add(next);
    }
  }
  return [...found];
}

function read(path: string): string {
  return readFileSync(new URL(path, root), 'utf8');
}

const changeable = /^(?:export )?(?:let|var) |^(?:export )?const [^=]+= (?:new \w+(?:<.*>)?\(\)|\[\]|\{\});/gm;
const modules = loadedModules();

describe('the modules of the workflows', () => {
  it('are found', () => {
    expect(modules).toContain('temporal/workflows/run/rule-run.ts');
    expect(modules).toContain('libs/domain/masking/assignments.ts');
  });

  it.each(modules)('keep nothing between two workflows: %s', (path) => {
    expect(read(path).match(changeable) ?? []).toEqual([]);
  });
});
