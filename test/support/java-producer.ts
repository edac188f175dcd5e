/** Kafka's own producer, in Java, from the jars of the embedded broker: what it writes is what Kafka means. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { provision } from '../../stack/provision.ts';
import { servers } from './servers.ts';

const source = fileURLToPath(new URL('java/Publish.java', import.meta.url));

/**
 * Needs a JDK, as the contributors' guide says: the program is one source file.
 * @param topic full name; the records go to its partition 0
 */
export async function publishByJava(
  topic: string,
  codec: 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd',
  values: string[],
): Promise<void> {
  // The jars are wanted even where the broker of the test run is another one.
  const { KAFKA_BROKERS: _, ...env } = process.env;
  const { kafka } = await provision({ env, only: ['kafka'] });
  if (kafka?.from !== 'build') throw new Error('the jars of Kafka were not provisioned');
  const brokers = servers().kafka.join(',');
  const args = ['-XX:TieredStopAtLevel=1', '-cp', join(kafka.libs, '*'), source, brokers, topic, codec];
  const java = spawn(kafka.java, args, { stdio: ['pipe', 'inherit', 'pipe'] });
  let complaints = '';
  java.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  java.stdin.end(values.map((value) => `${value}\n`).join(''));
  const [code] = (await once(java, 'close')) as [number | null];
  if (code !== 0) throw new Error(`the Java producer ended with ${code}: ${complaints.slice(-2000)}`);
}
