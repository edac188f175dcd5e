import { useTranslation } from 'react-i18next';
import type { LiveRun } from '../shared/client.ts';
import { Untrusted } from '../shared/untrusted.tsx';
import { retryPlan } from './run-commands.ts';

/** What is repeated and what is not, action by action. */
export function RetryPlan({ run }: { run: Pick<LiveRun, 'actions' | 'error'> }) {
  const { t } = useTranslation('runs');
  const parts = retryPlan(run);
  if (parts.length === 0) return null;
  return (
    <ol className="timeline" aria-label={t('plan.title')}>
      {run.actions.map(({ index, type }, place) => (
        <li key={index}>
          <b>
            <Untrusted text={type} />
          </b>
          : {t(`plan.${parts[place] ?? 'executed'}`)}
        </li>
      ))}
    </ol>
  );
}
