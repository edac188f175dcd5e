import './texts.ts';
import { Anchor, List, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { isAdministrator, useSession } from '../session/session.ts';
import { PageTitle } from '../shared/page-title.tsx';
import { sections } from './section-head.tsx';

/** What there is for those who connect other systems. */
export function ConnectionsPage() {
  const { t } = useTranslation('connections');
  const state = useSession();
  const isOfAllBrands = state.session?.brands === null;
  const shown = sections.filter((one) => one !== 'applications' || isOfAllBrands);
  return (
    <Stack>
      <PageTitle text={t('title')} />
      <Text>{t('intro')}</Text>
      {isAdministrator(state) ? (
        <List spacing="sm">
          {shown.map((one) => (
            <List.Item key={one}>
              <Link to={`/connections/${one}`}>{t(`parts.${one}`)}</Link>
              <Text size="sm">{t(`partTexts.${one}`)}</Text>
            </List.Item>
          ))}
        </List>
      ) : (
        <Text>{t('forAdministrators')}</Text>
      )}
      {isAdministrator(state) && !isOfAllBrands && <Text size="sm">{t('forAllBrands')}</Text>}
      <Title order={2} size="h4">
        {t('documents')}
      </Title>
      <List spacing="sm">
        <List.Item>
          <Anchor href="/docs">{t('openapi')}</Anchor>
        </List.Item>
        <List.Item>
          <Anchor href="/docs/events">{t('asyncapi')}</Anchor>
        </List.Item>
      </List>
    </Stack>
  );
}
