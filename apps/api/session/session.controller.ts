import { Get, Inject } from '@nestjs/common';
import { apiKeyOfUser } from '#libs/domain/access/api-key.ts';
import type { PersonNames } from '#libs/store/access/person-names.reader.ts';
import type { Session } from '../auth/authenticate.ts';
import { CurrentSession } from '../auth/session.guard.ts';
import { ManagerController } from '../http/manager-controller.ts';
import { Operation } from '../openapi/operation.decorator.ts';
import { tokens } from '../tokens.ts';
import { permissions, sessionAnswer, type SessionView } from './session.schema.ts';

@ManagerController('session', 'Access')
export class SessionController {
  constructor(@Inject(tokens.personNames) private readonly names: PersonNames) {}

  @Operation({
    id: 'MngGetWorkflowSession',
    summary: 'Tell whose session it is, and what it may do',
    data: sessionAnswer,
  })
  @Get()
  async get(@CurrentSession() session: Session): Promise<{ session: SessionView }> {
    const { userId, role, brands, endsAt } = session;
    return {
      session: {
        user_id: userId,
        names: await this.names.namesOf(userId),
        kind: isPerson(session) ? 'person' : 'api_key',
        role,
        brands: brands && [...brands],
        permissions: permissions.filter((one) => may[one](session)),
        ends_at: endsAt,
      },
    };
  }
}

const may: Record<(typeof permissions)[number], (session: Session) => boolean> = {
  answer_approvals: isPerson,
  administer: isAdministrator,
  administer_all_brands: (session) => isAdministrator(session) && session.brands === null,
};

function isPerson({ userId }: Session): boolean {
  return apiKeyOfUser(userId) === null;
}

function isAdministrator({ role }: Session): boolean {
  return role === 'SESSION_ADMIN';
}
