import { Reflector } from '@nestjs/core';
import type { ManagerRole } from '#libs/contracts/session.schema.ts';

/** On a handler or controller behind `SessionGuard`: the only roles it is for. Without it: all five manager roles. */
export const Roles = Reflector.createDecorator<readonly ManagerRole[]>();
