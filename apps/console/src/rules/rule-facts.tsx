import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { Rule } from '../shared/client.ts';
import { CopyButton } from '../shared/copy-button.tsx';
import { Fact, Facts } from '../shared/facts.tsx';
import { Untrusted } from '../shared/untrusted.tsx';
import { When } from '../shared/when.tsx';
import { isQuiet, QuietNote } from './rule-state.tsx';
import { activityQuery } from './rules.queries.ts';

export function RuleFacts({ rule }: { rule: Rule }) {
  const { t } = useTranslation('rules');
  const { data: activity } = useQuery(activityQuery([rule.id]));
  const { re_enroll, limit, stop_after, process } = rule;
  const lastMatch = activity?.get(rule.id)?.last_match;
  return (
    <Facts>
      <Fact name={t('facts.id')}>
        <Untrusted text={rule.id} /> <CopyButton value={rule.id} what={t('facts.id')} />
      </Fact>
      {rule.description !== '' && (
        <Fact name={t('facts.description')}>
          <Untrusted text={rule.description} />
        </Fact>
      )}
      <Fact name={t('filter.trigger')}>
        <Untrusted text={rule.trigger_event} />
      </Fact>
      <Fact name={t('filter.brand')}>{rule.brand === null ? t('everyBrand') : <Untrusted text={rule.brand} />}</Fact>
      <Fact name={t('columns.priority')}>{rule.priority}</Fact>
      {stop_after && <Fact name={t('facts.stopAfter')}>{t('facts.stopAfterText')}</Fact>}
      {re_enroll !== undefined && (
        <Fact name={t('facts.reEnroll')}>{re_enroll === 'once' ? t('facts.once') : <Span span={re_enroll} />}</Fact>
      )}
      {limit !== undefined && (
        <Fact name={t('facts.limit')}>
          {t('facts.limitText', { count: limit.count })} <Span span={limit.per} />
        </Fact>
      )}
      {process !== undefined && (
        <Fact name={t('facts.process')}>
          <Untrusted text={process.name} />
        </Fact>
      )}
      <Fact name={t('columns.lastMatch')}>
        <When at={lastMatch ?? null} />
        {lastMatch !== undefined && isQuiet(rule.status, rule.updated_at, lastMatch) && <QuietNote />}
      </Fact>
      <Fact name={t('facts.runs')}>
        <Link to="/runs" search={{ rule_id: rule.id }}>
          {t('facts.toRuns')}
        </Link>
      </Fact>
      <Fact name={t('facts.created')}>
        <When at={rule.created_at} />, <Untrusted text={rule.created_by} />
      </Fact>
      <Fact name={t('facts.updated')}>
        <When at={rule.updated_at} />, <Untrusted text={rule.updated_by} />
      </Fact>
    </Facts>
  );
}

/** Such as 3 days. */
function Span({ span }: { span: unknown }) {
  const { t } = useTranslation('rules');
  const { value, unit } = (span ?? {}) as { value?: unknown; unit?: unknown };
  const known = (['minutes', 'hours', 'days'] as const).find((one) => one === unit);
  if (typeof value !== 'number' || known === undefined) return <Untrusted text={JSON.stringify(span)} />;
  return <>{t(`spans.${known}`, { count: value })}</>;
}
