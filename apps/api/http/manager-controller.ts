import { applyDecorators, Controller, UseGuards, UseInterceptors, UsePipes } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { SessionGuard } from '../auth/session.guard.ts';
import { EnvelopeInterceptor } from './envelope.interceptor.ts';
import { SchemaPipe } from './schema.pipe.ts';

/** Under which the description of the API groups operations. */
export type Tag =
  | 'Rules'
  | 'What-if'
  | 'Runs'
  | 'Approvals'
  | 'CRM'
  | 'Overview'
  | 'Registry'
  | 'Directory'
  | 'Dead letters'
  | 'Access'
  | 'Lifecycle events'
  | 'Subscriptions'
  | 'Incoming webhooks'
  | 'Workflow webhooks';

/** A controller below `/api/workflow` for manager sessions only. One way to make them, so that none is left open. */
export function ManagerController(path: string, tag: Tag): ClassDecorator {
  return applyDecorators(
    Controller(`api/workflow/${path}`),
    UseGuards(SessionGuard),
    UseInterceptors(EnvelopeInterceptor),
    UsePipes(SchemaPipe),
    ApiTags(tag),
    ApiBearerAuth('session'),
  );
}
