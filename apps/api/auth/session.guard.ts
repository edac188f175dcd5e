import { createParamDecorator, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import { ApiError } from '../http/api.error.ts';
import { AllowedRoles } from './roles.decorator.ts';
import { SessionGate } from './session.gate.ts';
import type { Session } from './authenticate.ts';

const sessions = new WeakMap<Request, Session>();
const admitted = new WeakMap<Request, number>();

/** When the session of a request was known, by `performance.now()`; undefined: it was not. */
export function admittedAt(request: Request): number | undefined {
  return admitted.get(request);
}

/** Lets manager sessions pass, and to a place for some `Roles` only those; everything that answers about rules or runs stands behind it. */
@Injectable()
export class SessionGuard implements CanActivate {
  constructor(
    private readonly gate: SessionGate,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const http = context.switchToHttp();
    const request = http.getRequest<Request>();
    const session = await this.gate.sessionOf(request, http.getResponse<Response>());
    const roles = this.reflector.getAllAndOverride(AllowedRoles, [context.getHandler(), context.getClass()]);
    if (roles !== undefined && !roles.includes(session.role)) {
      throw new ApiError(403, 'access_denied', `Only ${roles.join(' and ')} may do this.`);
    }
    sessions.set(request, session);
    admitted.set(request, performance.now());
    return true;
  }
}

/** The session of the request, in a controller behind the guard. */
export const CurrentSession = createParamDecorator((_: unknown, context: ExecutionContext): Session => {
  const session = sessions.get(context.switchToHttp().getRequest<Request>());
  if (session === undefined) throw new Error('This controller does not stand behind SessionGuard');
  return session;
});
