/** What stands around every page: where to go, who is signed in, and the sign-in itself. */
import { Container, Group, Text } from '@mantine/core';
import { Outlet } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { OwnNotifications } from '../managers/own-notifications.tsx';
import { useSession } from '../session/session.ts';
import { SessionBar } from '../session/session-bar.tsx';
import { SignInDialog } from '../session/sign-in-dialog.tsx';
import { SignInPage } from '../session/sign-in-page.tsx';
import { timeZone } from '../shared/when.tsx';
import { PageMenu } from './page-menu.tsx';
import { Preferences } from './preferences.tsx';

/** Of another person nothing stays on the page. */
function PersonsPage() {
  return <Outlet />;
}

export function Shell() {
  const { t } = useTranslation();
  const { session } = useSession();
  return (
    <>
      <a className="skip-link" href="#main">
        {t('app.skip')}
      </a>
      <Group component="header" className="bar" justify="space-between" px="md" py="xs" gap="sm">
        <Group gap="md">
          <Text fw={700}>signalbox</Text>
          {session !== null && <PageMenu />}
        </Group>
        <Group gap="sm">
          {session?.managerId != null && <OwnNotifications managerId={session.managerId} />}
          {session !== null && <SessionBar session={session} />}
          <Preferences />
        </Group>
      </Group>
      <Container component="main" id="main" tabIndex={-1} size="xl" py="md">
        {session === null ? <SignInPage /> : <PersonsPage key={`${session.role} ${session.userId}`} />}
      </Container>
      <Container component="footer" size="xl" py="md">
        <Text size="sm" c="dimmed">
          {t('app.zone', { zone: timeZone() })}
        </Text>
      </Container>
      <SignInDialog />
    </>
  );
}
