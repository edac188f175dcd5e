import { Button, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, dataOf, type Rule } from '../../shared/client.ts';
import { FailureNote } from '../../shared/failure-note.tsx';
import { useWrite } from '../../shared/use-write.ts';
import { toDefinition } from '../rule-definition.ts';
import { BacktestView } from './backtest-view.tsx';
import { lastActiveQuery } from './switch-on.queries.ts';

const route = getRouteApi('/rules/$ruleId/switch-on');
const days = { usual: 7, most: 90 };

/** What the rule would have done. Which backtest is shown stands in the address, so that a reload finds it again. */
export function Backtesting({ rule }: { rule: Rule }) {
  const { t } = useTranslation('rules');
  const { backtest: id } = route.useSearch();
  const navigate = route.useNavigate();
  const { data: against = null, isPending: isLookingUp } = useQuery(lastActiveQuery(rule));
  const [span, setSpan] = useState(String(days.usual));
  const { write, isPending, error } = useWrite(
    async (wanted: { days: number; version: number; against: number | null }, key) => {
      // To itself, as it is stored, a rule has no difference.
      const body = { rule: toDefinition(rule, 'active'), days: wanted.days, against: wanted.against };
      const params = { header: { 'Idempotency-Key': key } };
      return (await dataOf(api.POST('/api/workflow/backtests', { params, body }))).backtest;
    },
    { onTaken: (started) => void navigate({ search: { backtest: started.id }, replace: true }) },
  );
  const count = Number(span);
  const isRight = Number.isInteger(count) && count >= 1 && count <= days.most;
  return (
    <Stack gap="xs">
      <Title order={3} size="h5">
        {t('backtest.title')}
      </Title>
      <Text>{against === null ? t('backtest.text') : t('backtest.textAgainst', { version: against })}</Text>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isRight) write({ days: count, version: rule.version, against });
        }}
      >
        <Group align="flex-end">
          <TextInput
            type="number"
            label={t('backtest.days')}
            value={span}
            onChange={({ currentTarget }) => setSpan(currentTarget.value)}
            min={1}
            max={days.most}
          />
          <Button type="submit" variant="default" disabled={!isRight || isLookingUp} loading={isPending}>
            {t('backtest.start')}
          </Button>
        </Group>
      </form>
      {error !== null && <FailureNote error={error} />}
      {id !== undefined && <BacktestView key={id} id={id} />}
    </Stack>
  );
}
