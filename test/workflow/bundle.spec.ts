import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { workflowBundle } from './run-harness.ts';

/** Paths of the modules in the bundle, as webpack names them. */
function modules(): { packages: string[]; size: number } {
  const code = readFileSync(workflowBundle().codePath, 'utf8');
  const map = /sourceMappingURL=data:application\/json[^,]*,([A-Za-z0-9+/=]+)/.exec(code)?.[1] ?? '';
  const { sources } = JSON.parse(Buffer.from(map, 'base64').toString()) as { sources: string[] };
  const packages = sources.flatMap((source) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(source)?.[1] ?? []);
  return { packages: [...new Set(packages)].sort(), size: code.length - map.length };
}

describe('the workflow bundle', () => {
  it('holds no package beyond those of Temporal', () => {
    const { packages, size } = modules();
    console.log(`workflow bundle: ${Math.round(size / 1024)} KiB without its source map; ${packages.join(', ')}`);
    expect(packages.length).toBeGreaterThan(0);
    // The SDK itself brings these along.
    const broughtBySdk = new Set(['ms', 'long', 'nexus-rpc', 'protobufjs', '@protobufjs']);
    expect(packages.filter((name) => !name.startsWith('@temporalio/') && !broughtBySdk.has(name))).toEqual([]);
    // zod or pino anywhere below it would more than double this.
    expect(size).toBeLessThan(1_500_000);
  });
});
