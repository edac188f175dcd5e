import { Get, Inject, Query } from '@nestjs/common';
import { usersQuery, type UsersQuery } from '#libs/contracts/webhook-application.schema.ts';
import type { DirectoryUser, UserGroup } from '#libs/domain/directory/directory-user.ts';
import { encodeId } from '#libs/domain/hooks/global-id.ts';
import type { UserLists } from '#libs/store/directory/user.reader.ts';
import type { Session } from '../auth/authenticate.ts';
import { Roles } from '../auth/roles.decorator.ts';
import { CurrentSession } from '../auth/session.guard.ts';
import { ManagerController } from '../http/manager-controller.ts';
import { Operation } from '../openapi/operation.decorator.ts';
import { tokens } from '../tokens.ts';
import { usersAnswer, type UserView } from './application.schema.ts';
import { administratorOf } from './applications.service.ts';

/** Where callers of incoming webhooks look up how operations name a user. */
@ManagerController('users', 'Incoming webhooks')
@Roles(['SESSION_ADMIN'])
export class UsersController {
  constructor(@Inject(tokens.users) private readonly users: UserLists) {}

  @Operation({
    id: 'MngGetWorkflowUsers',
    summary: 'List the users in whose name incoming webhooks act, by their numbers, and the ids they are named by',
    data: usersAnswer,
  })
  @Get()
  async list(
    @CurrentSession() session: Session,
    @Query({ schema: usersQuery }) { username, cursor, limit }: UsersQuery,
  ): Promise<{ users: UserView[]; next_cursor: string | null }> {
    administratorOf(session);
    const page = { limit, ...(cursor !== undefined && { cursor }) };
    const { items, nextCursor } = await this.users.list(username, page);
    const users = await Promise.all(
      items.map(async (user) => userView(user, await this.users.groupsOf(user.username))),
    );
    return { users, next_cursor: nextCursor };
  }
}

function userView(user: DirectoryUser, groups: UserGroup[]): UserView {
  const { id: number, username, name = null, enabled, brands = null, role = null, delegates = [] } = user;
  return {
    id: encodeId('User', number),
    number,
    username,
    name,
    enabled,
    brands,
    role,
    delegates,
    groups: groups.map(({ code, right }) => ({ code, right })),
  };
}
