import './texts.ts';
import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isAdministrator, useSession } from '../session/session.ts';
import { FailureNote } from '../shared/failure-note.tsx';
import { Loading } from '../shared/loading.tsx';
import { PageTitle } from '../shared/page-title.tsx';
import { withoutServerMembers } from './model/rule-model.ts';
import { RuleEditor } from './rule-editor.tsx';
import { registryQuery, ruleToEditQuery, type readRule, type Registry } from './rule-editor.queries.ts';

const route = getRouteApi('/rules/$ruleId/edit');
type Rule = Awaited<ReturnType<typeof readRule>>;

export function EditRulePage() {
  const { ruleId } = route.useParams();
  const isAdmin = isAdministrator(useSession());
  const registry = useQuery(registryQuery);
  const rule = useQuery(ruleToEditQuery(ruleId));
  const { t } = useTranslation('editor');
  if (registry.data === undefined || rule.data === undefined) {
    const error = rule.error ?? registry.error;
    if (error === null) return <Loading />;
    return <FailureNote error={error} onRetry={() => void Promise.all([registry.refetch(), rule.refetch()])} />;
  }
  const isArchived = rule.data.status === 'archived';
  if (!isAdmin || isArchived) {
    return (
      <Stack>
        <PageTitle text={t('editTitle', { name: rule.data.name })} />
        <Text>{t(isAdmin ? 'archived' : 'notAllowed')}</Text>
        <Link to="/rules/$ruleId" params={{ ruleId }}>
          {t('toRule')}
        </Link>
      </Stack>
    );
  }
  return <StoredRule key={ruleId} rule={rule.data} registry={registry.data} />;
}

/** A rule that is read anew meanwhile leaves alone what is typed: saving tells of the difference. */
function StoredRule({ rule, registry }: { rule: Rule; registry: Registry }) {
  const [start] = useState(() => {
    const written = withoutServerMembers(rule);
    return { ruleId: rule.id, version: rule.version, base: written, rule: written };
  });
  return <RuleEditor start={start} registry={registry} />;
}
