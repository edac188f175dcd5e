/** Tells the webhook of a process how its runs end. */
import { Inject } from '@nestjs/common';
import { OnWorkflowEvent, type WorkflowEventHandler } from '#libs/lifecycle/handlers/on-workflow-event.ts';
import { WorkflowCompleted, WorkflowFailed } from '#libs/lifecycle/handlers/workflow-event.ts';
import { WebhookService } from './webhook.service.ts';

@OnWorkflowEvent(WorkflowCompleted, WorkflowFailed)
export class WorkflowWebhookHandler implements WorkflowEventHandler<WorkflowCompleted | WorkflowFailed> {
  readonly #webhooks: WebhookService;

  constructor(@Inject(WebhookService) webhooks: WebhookService) {
    this.#webhooks = webhooks;
  }

  async handle(event: WorkflowCompleted | WorkflowFailed, signal: AbortSignal): Promise<void> {
    const { processId, executionId } = event;
    if (event instanceof WorkflowCompleted) {
      const { durationMs, status } = event;
      await this.#webhooks.deliver(processId, 'completed', { executionId, durationMs, status }, signal);
    } else {
      const { failedNodeId: failedNode, errorMessage } = event;
      await this.#webhooks.deliver(processId, 'failed', { executionId, failedNode, errorMessage }, signal);
    }
  }
}
