import { tools, type ToolName } from './tools.ts';

/** Thrown when a server cannot be built or run here; its message tells every way out at once. */
export class MissingToolsError extends Error {
  readonly code = 'MISSING_TOOLS';
  constructor(missing: ReadonlyMap<ToolName, string | null>) {
    super(missingToolsMessage(missing));
    this.name = 'MissingToolsError';
  }
}

/** @param missing each missing tool with the version that was found instead, or `null` */
export function missingToolsMessage(missing: ReadonlyMap<ToolName, string | null>): string {
  const names = (Object.keys(tools) as ToolName[]).filter((name) => missing.has(name));
  const packages = (system: 'debian' | 'macos') => names.map((name) => tools[name].packages[system]).join(' ');
  const list = names.map((name) => {
    const found = missing.get(name);
    return `  - ${tools[name].title}: ${tools[name].purpose}${found ? ` (found: ${found})` : ''}`;
  });
  return [
    'The servers cannot be started on this machine yet. Missing:',
    ...list,
    '',
    'One of these three ways helps:',
    '  1. Install what is missing and run the command again:',
    `       Debian, Ubuntu   sudo apt-get install ${packages('debian')}`,
    `       macOS            brew install ${packages('macos')}`,
    '       Windows          inside WSL 2, as on Ubuntu',
    ...(missing.has('go') ? ['     Where the system package of Go is older, take the one of go.dev/dl.'] : []),
    '  2. Use Docker for everything:  SESSION_SECRET=$(openssl rand -hex 32) docker compose up',
    '  3. Use your own servers, by their addresses in the environment:',
    '       TEMPORAL_ADDRESS=host:7233  KAFKA_BROKERS=host:9092  MONGODB_URI=mongodb://host:27017/signalbox',
  ].join('\n');
}
