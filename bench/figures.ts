/** What a measure reports. */
export interface Figures {
  /** By the published name: ours divided by the baseline measured in the same run (or MiB, where the name says so). */
  ratios: Record<string, number>;
  /** What the ratios were made of, for people. */
  details: Record<string, number>;
}

/** What each ratio should reach. */
export const goals: Record<string, { atLeast: number } | { atMost: number }> = {
  runs_ratio: { atLeast: 0.8 },
  effects_ratio: { atLeast: 1.5 },
  limit_share: { atLeast: 0.6 },
  latency_ratio_p95: { atMost: 2 },
  match_ratio_1k: { atLeast: 60 },
  match_10k_over_1k: { atLeast: 0.33 },
  ingest_ratio: { atLeast: 0.4 },
  ingress_rss_mb: { atMost: 300 },
  backtest_ratio: { atLeast: 0.3 },
  webhooks_ratio: { atLeast: 0.5 },
  silent_receivers_delay_ratio: { atMost: 2 },
  reports_ratio: { atLeast: 0.6 },
  reports_p95_ratio: { atMost: 2 },
};

export function reaches(name: string, value: number): boolean | null {
  const goal = goals[name];
  if (goal === undefined) return null;
  return 'atLeast' in goal ? value >= goal.atLeast : value <= goal.atMost;
}

/** A table for a terminal and for a Markdown page alike. */
export function table(figures: Figures): string {
  const lines = ['| figure | value | goal |', '| --- | ---: | --- |'];
  for (const [name, value] of Object.entries(figures.ratios)) {
    const goal = goals[name];
    const wanted = goal === undefined ? '' : 'atLeast' in goal ? `≥ ${goal.atLeast}` : `≤ ${goal.atMost}`;
    const verdict = reaches(name, value) === false ? ' (missed)' : '';
    lines.push(`| \`${name}\` | ${shown(value)} | ${wanted}${verdict} |`);
  }
  for (const [name, value] of Object.entries(figures.details)) lines.push(`| ${name} | ${shown(value)} | |`);
  return lines.join('\n');
}

function shown(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)));
}
