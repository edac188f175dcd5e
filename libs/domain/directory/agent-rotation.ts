/** Round-robin: the eligible agent who has waited longest is next. */

/** Agents drawn so far, the one drawn longest ago first. */
export type Turns = readonly number[];

export interface Draw {
  agent: number;
  turns: Turns;
}

/**
 * Who cannot be drawn now is passed over and keeps their place; who never was comes first.
 * @param agents who may be drawn, at least one
 * @param avoid is drawn only where there is no other agent
 */
export function drawAgent(turns: Turns, agents: readonly number[], avoid: number | null): Draw {
  const waiting = [...agents.filter((agent) => !turns.includes(agent)), ...turns.filter((one) => agents.includes(one))];
  const agent = waiting.find((one) => one !== avoid) ?? waiting[0]!;
  return { agent, turns: [...turns.filter((one) => one !== agent), agent] };
}
