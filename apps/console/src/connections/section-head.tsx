import { Anchor, Text } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { PageTitle } from '../shared/page-title.tsx';

const BackLink = createLink(Anchor<'a'>);

export const sections = ['subscriptions', 'applications', 'webhooks', 'keys'] as const;
export type Section = (typeof sections)[number];

/** The way up, and the title. @param of the list above; left out: the page of all connections */
export function SectionHead({ title, of }: { title: string; of?: Section }) {
  const { t } = useTranslation('connections');
  return (
    <>
      <Text component="nav" aria-label={t('title')}>
        <BackLink to="/connections">{t('title')}</BackLink>
        {of !== undefined && (
          <>
            {' / '}
            <BackLink to={`/connections/${of}`}>{t(`parts.${of}`)}</BackLink>
          </>
        )}
      </Text>
      <PageTitle text={title} />
    </>
  );
}
