import { applyDecorators, Controller, UseGuards, UseInterceptors, UsePipes } from '@nestjs/common';
import { StandardSchemaValidationPipe } from '@nestjs/common';
import { SessionGuard } from '../session/session.guard.ts';
import { ApiError } from './api.error.ts';
import { EnvelopeInterceptor } from './envelope.interceptor.ts';

const schemas = new StandardSchemaValidationPipe({
  exceptionFactory: (issues) =>
    new ApiError(
      400,
      'invalid_query',
      'The query is wrong; see details.',
      issues.map(({ path, message }) => ({
        path: (path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.'),
        code: 'invalid_value',
        message,
      })),
    ),
});

/** A controller below `/api/workflow` for manager sessions only. One way to make them, so that none is left open. */
export function ManagerController(path: string): ClassDecorator {
  return applyDecorators(
    Controller(`api/workflow/${path}`),
    UseGuards(SessionGuard),
    UseInterceptors(EnvelopeInterceptor),
    UsePipes(schemas),
  );
}
