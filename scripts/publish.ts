/** `npm run -s publish -- FILE|-`: publishes events to the running instance's Kafka. */
import { readFileSync } from 'node:fs';
import { loadConfig } from '#libs/config/config.ts';
import { createKafka } from '#libs/kafka/client.ts';
import { createLogger } from '#libs/telemetry/logger.ts';
import { instanceEnvironment } from './instance/instance.file.ts';
import { stateFolder } from './instance/state-folder.ts';
import { parseMessages } from './publish/messages.ts';
import { createPublisher } from './publish/publisher.ts';

const usage = `Publishes events.

  npm run -s publish -- FILE    a file, or - for the standard input

It holds one JSON object, an array of them, or JSON lines. Each is
  { "topic": "crm.events", "key"?: "…", "headers"?: {…}, "value": {…} }
or an event with "topic" beside its own fields. Topics: trade.push, account.push, crm.events.
Nothing is sent when any of them is wrong.`;

async function publish(file: string): Promise<void> {
  const messages = parseMessages(readFileSync(file === '-' ? 0 : file, 'utf8'));
  const config = loadConfig(instanceEnvironment(stateFolder(process.env), process.env));
  const publisher = createPublisher(createKafka(config.kafka, createLogger('publish', 'silent')), config.kafka);
  try {
    // One after the other: events of one key keep the order of the file.
    for (const message of messages) {
      const { topic, partition, offset } = await publisher.send(message);
      console.log(`${topic}  partition ${partition}  offset ${offset}`);
    }
  } finally {
    await publisher.close();
  }
}

const [file, ...rest] = process.argv.slice(2);
if (file === undefined || rest.length > 0 || file === '--help' || file === '-h') {
  const asked = file === '--help' || file === '-h';
  (asked ? console.log : console.error)(usage);
  process.exitCode = asked ? 0 : 2;
} else {
  try {
    await publish(file);
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
