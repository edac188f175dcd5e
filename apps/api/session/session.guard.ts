import { createParamDecorator, Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import type { Session, VerifySession } from './session.ts';

export const verifySession = Symbol('verifySession');

const sessions = new WeakMap<Request, Session>();

/** Lets manager sessions pass; everything that answers about rules or runs stands behind it. */
@Injectable()
export class SessionGuard implements CanActivate {
  readonly #verify: VerifySession;

  constructor(@Inject(verifySession) verify: VerifySession) {
    this.#verify = verify;
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request>();
    sessions.set(request, await this.#verify(request.headers.authorization));
    return true;
  }
}

/** The session of the request, in a controller behind the guard. */
export const CurrentSession = createParamDecorator((_: unknown, context: ExecutionContext): Session => {
  const session = sessions.get(context.switchToHttp().getRequest<Request>());
  if (session === undefined) throw new Error('This controller does not stand behind SessionGuard');
  return session;
});
