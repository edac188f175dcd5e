/** The way of a manager to what rules have told them: in the header of every page. */
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { notificationsQuery } from '../crm/crm.queries.ts';
import { pollEvery } from '../shared/client.ts';
import { LinkButton } from '../shared/link-button.tsx';
import { managerQuery } from './manager.queries.ts';

/** Beside a page that polls more often. */
const pollMs = 15_000;

/** @param managerId a name of this person that looks like a manager's id. Nothing is shown if there is no such manager. */
export function OwnNotifications({ managerId }: { managerId: string }) {
  const { t } = useTranslation();
  const manager = useQuery(managerQuery(managerId));
  const isManager = manager.data?.is_caller === true;
  const asked = notificationsQuery({ manager_id: managerId, unread: 'true' });
  const { data } = useQuery({ ...asked, refetchInterval: pollEvery(pollMs), enabled: isManager });
  if (!isManager) return null;
  const unread = data === undefined ? 0 : data.notifications.length;
  const isMore = data !== undefined && data.next_cursor !== null;
  return (
    <LinkButton size="xs" variant="default" to="/managers/$managerId" params={{ managerId }} search={{}}>
      {unread === 0 ? t('app.notifications') : t('app.unread', { unread: isMore ? `${unread}+` : unread })}
    </LinkButton>
  );
}
