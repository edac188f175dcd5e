import './texts.ts';
import { Anchor, Stack, Text } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { PageTitle } from '../shared/page-title.tsx';
import { useSession } from '../session/session.ts';
import { kinds } from './kinds.ts';

const KindLink = createLink(Anchor<'a'>);

export function DirectoryPage() {
  const { t } = useTranslation('directory');
  const { session } = useSession();
  const mayUsers = session?.role === 'SESSION_ADMIN' && session.brands === null;
  const shown = kinds.filter((kind) => mayUsers || (kind !== 'users' && kind !== 'user_groups'));
  return (
    <Stack>
      <PageTitle text={t('title')} />
      <Text>{t('about')}</Text>
      <Stack component="ul" gap="sm" m={0} pl="md">
        {shown.map((kind) => (
          <li key={kind}>
            <KindLink to="/directory/$kind" params={{ kind }} search={{}}>
              {t(`kinds.${kind}`)}
            </KindLink>
            <Text size="sm" c="dimmed">
              {t(`abouts.${kind}`)}
            </Text>
          </li>
        ))}
      </Stack>
    </Stack>
  );
}
