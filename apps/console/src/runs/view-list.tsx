import { Button, Group, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Untrusted } from '../shared/untrusted.tsx';
import { maxNameLength, useRunViews, type RunView } from './run-views.ts';
import { filtersOf, type RunsSearch } from './runs-search.ts';
import { runCountQuery } from './runs.queries.ts';

/** Filters that were kept, each with how many runs match now; and a way to keep the present ones. */
export function ViewList({ search }: { search: RunsSearch }) {
  const { t } = useTranslation('runs');
  const { views, save, remove } = useRunViews();
  const [name, setName] = useState('');
  const given = name.trim();
  return (
    <details open={views.length > 0}>
      <summary>{t('views.title')}</summary>
      <ul className="timeline" aria-label={t('views.title')}>
        {views.map((view) => (
          <li key={view.name}>
            <SavedView view={view} onRemove={() => remove(view.name)} />
          </li>
        ))}
      </ul>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (given === '') return;
          save({ name: given, filters: filtersOf(search) });
          setName('');
        }}
      >
        <Group align="flex-end" gap="xs">
          <TextInput
            label={t('views.name')}
            value={name}
            maxLength={maxNameLength}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
          />
          <Button type="submit" variant="default" disabled={given === ''}>
            {t('views.save')}
          </Button>
        </Group>
      </form>
    </details>
  );
}

function SavedView({ view: { name, filters }, onRemove }: { view: RunView; onRemove: () => void }) {
  const { t } = useTranslation('runs');
  const { data } = useQuery(runCountQuery(filters));
  return (
    <Group gap="xs">
      <Link to="/runs" search={filters}>
        <Untrusted text={name} />
      </Link>
      {data !== undefined && <span>({t(data.more ? 'views.more' : 'views.count', { number: data.count })})</span>}
      <Button size="compact-xs" variant="default" aria-label={t('views.removeOne', { name })} onClick={onRemove}>
        {t('views.remove')}
      </Button>
    </Group>
  );
}
