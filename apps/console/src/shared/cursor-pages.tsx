import { Anchor, Group } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

const PageLink = createLink(Anchor<'a'>);

interface Props {
  /** What there are pages of. */
  label: string;
  /** The search parameters of the page that is shown. */
  search: { cursor?: string };
  /** Null: it is the last page. */
  next: string | null;
  /** What the links say where the newest do not come first. */
  names?: { first: string; next: string } | undefined;
}

/** To the first and to the next page; the way back is the browser's. All other search parameters stay. */
export function CursorPages({ label, search: { cursor, ...filters }, next, names }: Props) {
  const { t } = useTranslation();
  if (cursor === undefined && next === null) return null;
  return (
    <Group component="nav" aria-label={label}>
      {cursor !== undefined && (
        <PageLink to="." search={filters}>
          {names?.first ?? t('shared.newest')}
        </PageLink>
      )}
      {next !== null && (
        <PageLink to="." search={{ ...filters, cursor: next }}>
          {names?.next ?? t('shared.older')}
        </PageLink>
      )}
    </Group>
  );
}
