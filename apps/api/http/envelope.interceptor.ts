import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { Response } from 'express';
import { map, type Observable } from 'rxjs';
import { writeJson } from '#libs/domain/json/stringify-json.ts';

/** Puts what a controller returns into `{ success: true, data }`. Conditions nest to any depth, hence `writeJson`. */
@Injectable()
export class EnvelopeInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<string> {
    const response = context.switchToHttp().getResponse<Response>();
    return next.handle().pipe(
      map((data) => {
        response.type('json').setHeader('Cache-Control', 'no-store');
        return writeJson({ success: true, data });
      }),
    );
  }
}
