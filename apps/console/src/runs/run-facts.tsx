import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { LiveRun } from '../shared/client.ts';
import { CopyButton } from '../shared/copy-button.tsx';
import { Fact, Facts } from '../shared/facts.tsx';
import { sayReason } from '../shared/said/said.ts';
import { Original, SaidText } from '../shared/said/said-text.tsx';
import { useLanguage } from '../shared/said/use-language.ts';
import { Untrusted } from '../shared/untrusted.tsx';
import { Duration, When } from '../shared/when.tsx';
import { sayGuard } from './guard-note.de.ts';

export function RunFacts({ run }: { run: LiveRun }) {
  const { t } = useTranslation(['runs', 'app']);
  const language = useLanguage();
  const { run_id, number, event_id, customer_id, login, brand, retry_of, temporal_url, guard } = run;
  const noted = guard && sayGuard(language, guard);
  return (
    <Facts>
      <Fact name={t('app:shared.runId')}>
        <Untrusted text={run_id} /> <CopyButton value={run_id} what={t('app:shared.runId')} />
      </Fact>
      {number !== null && (
        <Fact name={t('app:shared.number')}>
          {number} <CopyButton value={String(number)} what={t('app:shared.number')} />
        </Fact>
      )}
      <Fact name={t('app:shared.rule')}>
        <Link to="/rules/$ruleId" params={{ ruleId: run.rule_id }}>
          <Untrusted text={run.rule_name} isClipped />
        </Link>
        , {t('version', { version: run.rule_version })}
      </Fact>
      <Fact name={t('filter.trigger')}>{run.trigger_event}</Fact>
      <Fact name={t('app:shared.event')}>
        <Link to="/events/$eventId" params={{ eventId: event_id }}>
          <Untrusted text={event_id} />
        </Link>{' '}
        <CopyButton value={event_id} what={t('app:shared.event')} />
      </Fact>
      {customer_id !== null && (
        <Fact name={t('app:shared.customer')}>
          <Link
            to="/customers/$customerId"
            params={{ customerId: customer_id }}
            search={brand === null ? {} : { brand }}
          >
            <Untrusted text={customer_id} />
          </Link>{' '}
          <CopyButton value={customer_id} what={t('app:shared.customer')} />{' '}
          <Link to="/runs" search={{ customer_id }}>
            {t('otherRuns')}
          </Link>
        </Fact>
      )}
      <Fact name={t('app:shared.login')}>{login}</Fact>
      <Fact name={t('app:shared.brand')}>{brand}</Fact>
      <Fact name={t('columns.decided')}>
        <When at={run.claimed_at} />
      </Fact>
      <Fact name={t('started')}>
        <When at={run.started_at} />
      </Fact>
      <Fact name={t('finished')}>
        <When at={run.finished_at} />
      </Fact>
      <Fact name={t('columns.duration')}>
        <Duration milliseconds={run.duration_ms} />
      </Fact>
      <Fact name={t('reason')}>
        {run.reason === null ? null : <SaidText said={sayReason(language, run.reason, null)} />}
      </Fact>
      <Fact name={t('guard')}>
        {guard === undefined ? null : noted == null ? <Original text={guard.note} /> : <SaidText said={noted} />}
      </Fact>
      {guard?.earlier_run != null && (
        <Fact name={t('earlierRun')}>
          <Link to="/runs/$runId" params={{ runId: guard.earlier_run }}>
            <Untrusted text={guard.earlier_run} />
          </Link>
        </Fact>
      )}
      {retry_of !== undefined && (
        <Fact name={t('retryOf')}>
          <Link to="/runs/$runId" params={{ runId: retry_of }}>
            <Untrusted text={retry_of} />
          </Link>
        </Fact>
      )}
      {temporal_url !== null && (
        <Fact name="Temporal">
          <Anchor href={temporal_url} target="_blank" rel="noopener noreferrer">
            {t('temporal')}
          </Anchor>
        </Fact>
      )}
    </Facts>
  );
}
