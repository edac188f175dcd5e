import { expect, it } from 'vitest';
import { elapsed, runTool } from './progress.ts';

it('says how long something takes in people’s units', () => {
  expect(elapsed(0, 8_400)).toBe('8 s');
  expect(elapsed(0, 125_000)).toBe('2 min 05 s');
});

it('shows a failed tool’s last words', async () => {
  const script = 'console.error("no such module"); process.exit(3)';
  await expect(runTool(process.execPath, ['-e', script], { cwd: '.', env: process.env })).rejects.toThrow(
    /failed \(exit code 3\):\nno such module/,
  );
});
