import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { Request } from 'express';
import type { Observable } from 'rxjs';
import { z } from 'zod';
import { readBody } from './schema.pipe.ts';

const nothing = z.strictObject({});

/** For requests that say everything by their address: no body, or an empty object. */
@Injectable()
export class EmptyBodyInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    readBody(nothing, context.switchToHttp().getRequest<Request>().body);
    return next.handle();
  }
}
