import { applyDecorators, Controller, UseGuards, UseInterceptors, UsePipes } from '@nestjs/common';
import { SessionGuard } from '../auth/session.guard.ts';
import { EnvelopeInterceptor } from './envelope.interceptor.ts';
import { SchemaPipe } from './schema.pipe.ts';

/** A controller below `/api/workflow` for manager sessions only. One way to make them, so that none is left open. */
export function ManagerController(path: string): ClassDecorator {
  return applyDecorators(
    Controller(`api/workflow/${path}`),
    UseGuards(SessionGuard),
    UseInterceptors(EnvelopeInterceptor),
    UsePipes(SchemaPipe),
  );
}
