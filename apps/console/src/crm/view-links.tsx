import { Anchor, Group } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { en } from './texts.en.ts';

const ViewLink = createLink(Anchor<'a'>);

interface Props<View extends keyof (typeof en)['view']> {
  views: readonly View[];
  current: View;
  /** The search parameters of the page, without those of a view. */
  search: object;
}

/** The parts of a page, of which one is shown. */
export function ViewLinks<View extends keyof (typeof en)['view']>({ views, current, search }: Props<View>) {
  const { t } = useTranslation('crm');
  return (
    <Group component="nav" aria-label={t('views')} gap="md">
      {views.map((view) => (
        <ViewLink
          key={view}
          to="."
          search={{ ...search, view }}
          fw={view === current ? 700 : 400}
          aria-current={view === current}
        >
          {t(`view.${view}`)}
        </ViewLink>
      ))}
    </Group>
  );
}
