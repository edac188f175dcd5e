/** What is shown before a rule is switched on. */
export interface SwitchOnSearch {
  /** Id of the backtest that was started. */
  backtest?: string;
}

export function readSwitchOnSearch({ backtest }: Record<string, unknown>): SwitchOnSearch {
  return typeof backtest === 'string' && backtest !== '' ? { backtest } : {};
}
