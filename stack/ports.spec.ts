import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { choosePorts, freePort, isFree } from './ports.ts';

describe('choosePorts', () => {
  it('keeps a default that is free', async () => {
    const { ports, moved } = await choosePorts({ Kafka: 9092, MongoDB: 27017 }, 'default', async () => true);
    expect(ports).toEqual({ Kafka: 9092, MongoDB: 27017 });
    expect(moved).toEqual([]);
  });

  it('replaces a default that is taken and says so', async () => {
    const { ports, moved } = await choosePorts(
      { Kafka: 9092, MongoDB: 27017 },
      'default',
      async (port) => port !== 9092,
    );
    expect(ports.MongoDB).toBe(27017);
    expect(ports.Kafka).not.toBe(9092);
    expect(moved).toEqual([`Kafka: port 9092 is taken, using ${ports.Kafka}`]);
  });

  it('with free ports uses no default, each once, and has nothing to say', async () => {
    const { ports, moved } = await choosePorts({ a: 7233, b: 9092, c: 27017 }, 'free');
    const chosen = Object.values(ports);
    expect(new Set(chosen).size).toBe(3);
    expect(chosen).not.toContain(9092);
    expect(moved).toEqual([]);
  });
});

describe('isFree', () => {
  it.each(['127.0.0.1', '0.0.0.0'])('is false while something listens on %s', async (host) => {
    const port = await freePort();
    expect(await isFree(port)).toBe(true);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, host, resolve));
    expect(await isFree(port)).toBe(false);
    await new Promise((resolve) => server.close(resolve));
  });
});
