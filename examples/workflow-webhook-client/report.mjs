// report.mjs: node report.mjs KEY '{"eventType": …}'
import { WorkflowWebhook } from './client.mjs';

const webhook = new WorkflowWebhook({
  handshakeUrl: process.env.HANDSHAKE_URL,
  webhookUrl: process.env.WEBHOOK_URL,
  apiKey: process.env.WORKFLOW_API_KEY,
});
const [key, text] = process.argv.slice(2);
await webhook.report(JSON.parse(text), key);
console.log(`reported ${key}`);
