import type { Connection } from 'mongoose';
import { createAudited, type Audited } from '#libs/domain/access/audit-log.ts';
import { createAuditLog } from '#libs/store/access/audit.repository.ts';

/** Notes in the audit log of a store; an outcome that cannot be noted fails what was done. */
export function auditedBy(store: Connection): Audited {
  return createAudited(createAuditLog(store), (error) => {
    throw error;
  });
}
