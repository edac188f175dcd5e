import { useTranslation } from 'react-i18next';
import { DataTable } from '../../shared/data-table.tsx';
import { daysOf, type Day } from './matches-per-day.ts';

const size = { bar: 20, gap: 4, height: 120 };

interface Props {
  perDay: Readonly<Record<string, number>>;
  /** ISO 8601: the times of the first and the last event that was read. */
  from: string;
  to: string;
}

/** Matches of each day as bars, and the same as a table. */
export function MatchesChart({ perDay, from, to }: Props) {
  const { t, i18n } = useTranslation('rules');
  const days = daysOf(perDay, from, to);
  const most = Math.max(1, ...days.map(({ matches }) => matches));
  const width = days.length * (size.bar + size.gap);
  const label = t('chart.label', { days: days.length, most });
  const format = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', timeZone: 'UTC' });
  const nameOf = ({ day }: Day): string => format.format(new Date(`${day}T00:00:00Z`));
  return (
    <figure className="chart">
      <section style={{ overflowX: 'auto' }} tabIndex={0} aria-label={t('chart.title')}>
        <svg role="img" aria-label={label} width={width} height={size.height} viewBox={`0 0 ${width} ${size.height}`}>
          {days.map((one, index) => {
            const height = (one.matches / most) * (size.height - 2);
            return (
              <rect
                key={one.day}
                x={index * (size.bar + size.gap)}
                y={size.height - height}
                width={size.bar}
                height={height}
              >
                <title>{`${nameOf(one)}: ${one.matches}`}</title>
              </rect>
            );
          })}
          <line x1={0} x2={width} y1={size.height} y2={size.height} />
        </svg>
      </section>
      <figcaption>
        {t('chart.caption', { most })}
        <details>
          <summary>{t('chart.table')}</summary>
          <DataTable
            label={t('chart.table')}
            minWidth="16rem"
            columns={[
              { key: 'day', header: t('chart.day'), render: nameOf },
              { key: 'matches', header: t('chart.matches'), render: ({ matches }) => matches },
            ]}
            rows={days}
            rowKey={({ day }) => day}
          />
        </details>
      </figcaption>
    </figure>
  );
}
