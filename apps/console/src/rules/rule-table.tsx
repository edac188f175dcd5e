import { Button, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useSession } from '../session/session.ts';
import type { Rule, RuleActivity } from '../shared/client.ts';
import { DataTable, type Column } from '../shared/data-table.tsx';
import { Untrusted } from '../shared/untrusted.tsx';
import { When } from '../shared/when.tsx';
import { commandsFor, type AskedCommand } from './rule-command-dialog.tsx';
import { isQuiet, mayWrite, QuietNote, RuleStatusLabel } from './rule-state.tsx';
import { WarningCount } from './rule-warnings.tsx';
import { activityQuery, ruleSetWarningsQuery, startOfDay } from './rules.queries.ts';

interface Props {
  rules: Rule[];
  /** Null: this person may not change them. */
  onAsk: ((asked: AskedCommand) => void) | null;
}

/** Rules in the order in which they run. */
export function RuleTable({ rules, onAsk }: Props) {
  const { t } = useTranslation('rules');
  const session = useSession();
  const { data: activity } = useQuery(activityQuery(rules.map(({ id }) => id)));
  const checked = useQuery(ruleSetWarningsQuery(rules));
  const isChecked = checked.isError || (checked.isSuccess && !checked.isPlaceholderData);
  const columns: Column<Rule>[] = [
    { key: 'order', header: t('columns.priority'), render: ({ priority }) => priority },
    {
      key: 'rule',
      header: t('columns.rule'),
      render: (rule) => <RuleName rule={rule} activity={activity?.get(rule.id)} />,
      maxWidth: '20rem',
    },
    { key: 'status', header: t('columns.status'), render: ({ status }) => <RuleStatusLabel status={status} /> },
    {
      key: 'trigger',
      header: t('columns.trigger'),
      render: ({ trigger_event, brand }) => (
        <>
          <Untrusted text={trigger_event} isClipped />
          <Text size="sm">{brand === null ? t('everyBrand') : <Untrusted text={brand} isClipped />}</Text>
        </>
      ),
      maxWidth: '14rem',
    },
    {
      key: 'lastMatch',
      header: t('columns.lastMatch'),
      render: ({ id }) => <When at={activity?.get(id)?.last_match ?? null} />,
    },
    {
      key: 'runsToday',
      header: t('columns.runsToday'),
      render: ({ id }) => <RunsToday activity={activity?.get(id)} />,
    },
    {
      key: 'warnings',
      header: t('columns.warnings'),
      render: ({ id, status }) => (
        <WarningCount warnings={checked.data?.get(id)} hasFailed={isChecked && status !== 'archived'} />
      ),
    },
  ];
  if (onAsk !== null) {
    columns.push({
      key: 'commands',
      header: t('columns.commands'),
      render: (rule) => mayWrite(session, rule) && <RowCommands rule={rule} onAsk={onAsk} />,
    });
  }
  return <DataTable label={t('title')} columns={columns} rows={rules} rowKey={({ id }) => id} minWidth="72rem" />;
}

function RuleName({ rule, activity }: { rule: Rule; activity: RuleActivity | undefined }) {
  return (
    <>
      <Link to="/rules/$ruleId" params={{ ruleId: rule.id }}>
        <Untrusted text={rule.name} isClipped />
      </Link>
      {activity !== undefined && isQuiet(rule.status, rule.updated_at, activity.last_match) && <QuietNote />}
    </>
  );
}

/** Beyond it runs are not counted. */
const mostCounted = 1000;

function RunsToday({ activity }: { activity: RuleActivity | undefined }) {
  const { t } = useTranslation('rules');
  if (activity === undefined) return '–';
  if (activity.runs === 0) return '0';
  const count = activity.runs >= mostCounted ? t('orMore', { count: mostCounted }) : String(activity.runs);
  return (
    <Link to="/runs" search={{ rule_id: activity.rule_id, from: startOfDay() }}>
      {count}
    </Link>
  );
}

function RowCommands({ rule, onAsk }: { rule: Rule; onAsk: (asked: AskedCommand) => void }) {
  const { t } = useTranslation('rules');
  const name = rule.name.slice(0, 100);
  return (
    <Group gap="xs">
      {(rule.status === 'draft' || rule.status === 'inactive' || rule.status === 'shadow') && (
        <Link
          to="/rules/$ruleId/switch-on"
          params={{ ruleId: rule.id }}
          aria-label={t('ofRule', { what: t('switchOn'), name })}
        >
          {t('switchOn')}
        </Link>
      )}
      {commandsFor(rule).map((command) => (
        <Button
          key={command}
          size="compact-sm"
          variant="default"
          aria-label={t('ofRule', { what: t(`commands.${command}`), name })}
          onClick={() => onAsk({ rule, command })}
        >
          {t(`commands.${command}`)}
        </Button>
      ))}
      <Link to="/rules/new" search={{ from: rule.id }} aria-label={t('ofRule', { what: t('duplicate'), name })}>
        {t('duplicate')}
      </Link>
    </Group>
  );
}
