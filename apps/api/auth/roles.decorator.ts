import { applyDecorators } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiExtension } from '@nestjs/swagger';
import type { ManagerRole } from '#libs/contracts/session.schema.ts';

/** What `SessionGuard` reads. */
export const AllowedRoles = Reflector.createDecorator<readonly ManagerRole[]>();

/** Where the builder of the API's description finds the roles. */
export const rolesExtension = 'x-roles';

/** On a handler or controller behind `SessionGuard`: the only roles it is for. Without it: all five manager roles. */
export function Roles(roles: readonly ManagerRole[]): ClassDecorator & MethodDecorator {
  return applyDecorators(AllowedRoles(roles), ApiExtension(rolesExtension, roles));
}
