// A service that subscribes to lifecycle events, in a process of its own, which a test may kill. It says each event that
// its first handler has handled as a line of JSON; a second handler keeps the events of one run from being done.
// Arguments: the folder of the compiled handlers, and `{ options, holdUp }` as JSON.
import { NestFactory } from '@nestjs/core';

const [folder, given] = process.argv.slice(2);
const { OnWorkflowEvent } = await import(`${folder}on-workflow-event.js`);
const { WorkflowStarted, WorkflowCompleted } = await import(`${folder}workflow-event.js`);
const { WorkflowEventsModule } = await import(`${folder}workflow-events.module.js`);
const { options, holdUp } = JSON.parse(given);

class Bill {
  async handle({ eventId, eventType, executionId }) {
    process.stdout.write(`${JSON.stringify({ eventId, eventType, executionId })}\n`);
  }
}

class HoldUp {
  async handle({ executionId }) {
    if (executionId === holdUp) await new Promise(() => {});
  }
}

for (const handler of [Bill, HoldUp]) OnWorkflowEvent(WorkflowStarted, WorkflowCompleted)(handler);
const events = WorkflowEventsModule.forRoot(options);

await NestFactory.createApplicationContext(
  { ...events, providers: [...events.providers, Bill, HoldUp] },
  { logger: false },
);
