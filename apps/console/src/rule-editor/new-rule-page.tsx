import './texts.ts';
import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isAdministrator, useSession } from '../session/session.ts';
import { FailureNote } from '../shared/failure-note.tsx';
import { Loading } from '../shared/loading.tsx';
import { PageTitle } from '../shared/page-title.tsx';
import type { JsonObject } from './model/condition-tree.ts';
import { withoutServerMembers } from './model/rule-model.ts';
import { RuleEditor } from './rule-editor.tsx';
import { registryQuery, ruleToEditQuery, type Registry } from './rule-editor.queries.ts';
import type { Start } from './use-editing.ts';

const route = getRouteApi('/rules/new');

export function NewRulePage() {
  const { t } = useTranslation('editor');
  const { from } = route.useSearch();
  const isAdmin = isAdministrator(useSession());
  const registry = useQuery(registryQuery);
  const copied = useQuery({ ...ruleToEditQuery(from ?? ''), enabled: from !== undefined });
  if (!isAdmin) {
    return (
      <Stack>
        <PageTitle text={t('newTitle')} />
        <Text>{t('notAllowed')}</Text>
      </Stack>
    );
  }
  const error =
    registry.data === undefined
      ? registry.error
      : from !== undefined && copied.data === undefined
        ? copied.error
        : null;
  if (error !== null) {
    return (
      <FailureNote
        error={error}
        onRetry={() => void Promise.all([registry.refetch(), from !== undefined && copied.refetch()])}
      />
    );
  }
  if (registry.data === undefined || (from !== undefined && copied.data === undefined)) return <Loading />;
  return <NewRule key={from ?? ''} registry={registry.data} source={copied.data ?? null} />;
}

function NewRule({ registry, source }: { registry: Registry; source: object | null }) {
  const { t } = useTranslation('editor');
  const { session } = useSession();
  // What is typed stands on what was there at first.
  const [start] = useState((): Start => {
    const rule =
      source === null ? emptyRule(session?.brands?.[0] ?? null) : copyOf(source, (name) => t('copyOf', { name }));
    return { ruleId: '', version: 0, base: null, rule };
  });
  return <RuleEditor start={start} registry={registry} />;
}

/** A draft: nothing happens before it was tried and switched on. */
function emptyRule(brand: string | null): JsonObject {
  return { name: '', brand, trigger_event: '', status: 'draft', conditions: { match: 'all', rules: [] }, actions: [] };
}

function copyOf(source: object, named: (name: string) => string): JsonObject {
  const { id: _id, ...rule } = withoutServerMembers(source);
  return { ...rule, name: named(String(rule['name'])).slice(0, 200), status: 'draft' };
}
