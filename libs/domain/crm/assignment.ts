/** Who looks after a customer, as actions decide it. */
import type { ActionRecord, ActionRecordStore } from './action-record.ts';

export interface CustomerAssignment {
  manager_id: number;
  team_id: string | null;
  desk: string | null;
}

/** Decided once for its key: later attempts execute the same, whatever has become of teams and agents since. */
export interface Assignment extends ActionRecord, CustomerAssignment {}

export type AssignmentStore = ActionRecordStore<Assignment>;

/** The turns of the agents of each team. */
export interface AgentRotation {
  /**
   * Draws the next agent, once for each key: one that has drawn gets the same agent again, and no turn moves.
   * A key counts as drawn for ever once its assignment is stored.
   * @param agents who may be drawn, at least one
   * @param avoid is drawn only where there is no other agent
   */
  draw(teamId: string, agents: readonly number[], avoid: number | null, key: string): Promise<number>;
}
