// A receiver of webhooks, as a process that a test can kill. It remembers in a file what has come, and answers then.
// Arguments: its port, and the file.
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';

const [port, file] = process.argv.slice(2);

createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks).toString();
    appendFileSync(file, `${JSON.stringify({ id: request.headers['webhook-id'], body })}\n`);
    response.writeHead(204).end();
  });
}).listen(Number(port), '127.0.0.1', () => process.stdout.write('listening\n'));
