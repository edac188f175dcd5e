import { Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useRoleName } from '../session/role-name.ts';
import type { Approval } from '../shared/client.ts';
import { Fact, Facts } from '../shared/facts.tsx';
import { Untrusted } from '../shared/untrusted.tsx';
import { When } from '../shared/when.tsx';

export function ApprovalFacts({ approval }: { approval: Approval }) {
  const { t } = useTranslation(['approvals', 'app']);
  const roleName = useRoleName();
  const { message, rule_name, customer_id, login, tenant, asked_at, expires_at, run_id, event_id } = approval;
  const { approvers, required, forbidden_users, answers, reassignments } = approval;
  const named = ({ roles, users }: Approval['approvers']): string => [...roles.map(roleName), ...users].join(', ');
  return (
    <Stack>
      {message !== null && <Untrusted text={message} />}
      <Facts>
        <Fact name={t('app:shared.rule')}>
          <Untrusted text={rule_name} />
        </Fact>
        {customer_id !== null && (
          <Fact name={t('app:shared.customer')}>
            <Link
              to="/customers/$customerId"
              params={{ customerId: customer_id }}
              search={tenant === null ? {} : { brand: tenant }}
            >
              <Untrusted text={customer_id} />
            </Link>
          </Fact>
        )}
        <Fact name={t('app:shared.login')}>{login}</Fact>
        <Fact name={t('app:shared.brand')}>{tenant}</Fact>
        <Fact name={t('asked')}>
          <When at={asked_at} />
        </Fact>
        <Fact name={t('expires')}>{expires_at === null ? t('never') : <When at={expires_at} />}</Fact>
        <Fact name={t('whom')}>
          <Untrusted text={named(approvers)} />
        </Fact>
        {reassignments.map(({ by, reason, from, at }) => (
          <Fact key={`${by} ${at}`} name={t('reassignments')}>
            <Untrusted text={by} />, <When at={at} /> (<Untrusted text={t('reassigned', { from: named(from) })} />)
            {reason !== null && (
              <div>
                <Untrusted text={reason} />
              </div>
            )}
          </Fact>
        ))}
        <Fact name={t('required')}>{required}</Fact>
        <Fact name={t('forbidden')}>{forbidden_users.join(', ')}</Fact>
        <Fact name={t('app:shared.event')}>
          <Untrusted text={event_id} />
        </Fact>
        <Fact name={t('app:shared.run')}>
          <Link to="/runs/$runId" params={{ runId: run_id }}>
            <Untrusted text={run_id} />
          </Link>
        </Fact>
      </Facts>
      <Title order={2} size="h4">
        {t('answers')}
      </Title>
      {answers.length === 0 ? <Text>{t('noAnswers')}</Text> : <Answers answers={answers} />}
    </Stack>
  );
}

function Answers({ answers }: Pick<Approval, 'answers'>) {
  const { t } = useTranslation(['approvals', 'app']);
  return (
    <ol className="timeline">
      {answers.map(({ by, decision, comment, at }) => (
        <li key={`${by} ${at}`}>
          <b>
            <Untrusted text={by} />
          </b>{' '}
          {t(`decided.${decision}`)}, <When at={at} />
          {comment !== null && (
            <div>
              <Untrusted text={comment} />
            </div>
          )}
        </li>
      ))}
    </ol>
  );
}
