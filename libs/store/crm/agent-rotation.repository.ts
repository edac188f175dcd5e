/**
 * `rotations`: whose turn it is, one document for each team. A draw moves the turn and remembers its key in one write,
 * so neither can be there without the other; a crash before the assignment is stored finds its draw again.
 */
import { Schema, type Connection } from 'mongoose';
import { drawAgent, type Turns } from '#libs/domain/directory/agent-rotation.ts';
import type { AgentRotation } from '#libs/domain/crm/assignment.ts';
import { assignmentModel } from './assignment.repository.ts';
import { findByIds } from '../mongo/by-id.ts';
import { compareAndSet } from '../mongo/compare-and-set.ts';
import { createBatcher } from '#libs/async/batcher.ts';
import { Mixed, required } from '../mongo/fields.ts';
import { defineModel, schemaOptions } from '../mongo/model.ts';
import { guarded } from '../mongo/store-error.ts';
import { storeKey, storeText } from '../mongo/storable-text.ts';

/** Draws a team's document holds before those with an assignment are taken out: each makes its writes dearer. */
export const rememberedDraws = 64;

interface Drawn {
  key: string;
  agent: number;
}

const schema = Schema.create(
  {
    _id: required(String),
    revision: required(Number),
    team_id: required(String),
    turns: required<Turns>([Number]),
    /** Oldest first. */
    drawn: required<Drawn[]>([Mixed]),
  },
  schemaOptions,
);

export const rotationModel = defineModel('rotations', schema);

interface Candidate {
  key: string;
  agents: readonly number[];
  avoid: number | null;
}

export function createAgentRotation(connection: Connection): AgentRotation {
  const rotations = rotationModel(connection);
  const assignments = assignmentModel(connection);

  /** Only a draw without an assignment may be asked for again: a customer who has an agent draws none. */
  const stillNeeded = async (drawn: Drawn[]): Promise<Drawn[]> => {
    if (drawn.length < rememberedDraws) return drawn;
    const keys = drawn.map(({ key }) => key);
    const assigned = await findByIds(assignments, keys, { _id: 1 });
    return drawn.filter(({ key }) => !assigned.has(key));
  };

  /** Who has been drawn by these keys. Another attempt may have stored its assignment, and the draw be forgotten. */
  const drawnBefore = async (drawn: Drawn[], wishes: Candidate[]): Promise<Map<string, number>> => {
    const agents = new Map(drawn.map(({ key, agent }) => [key, agent]));
    const others = wishes.map(({ key }) => key).filter((key) => !agents.has(key));
    const assigned = await findByIds(assignments, others, { manager_id: 1 });
    for (const [key, { manager_id }] of assigned) agents.set(key, manager_id);
    return agents;
  };

  const drawAll = (teamId: string, wishes: Candidate[]): Promise<number[]> =>
    compareAndSet(rotations, storeKey(teamId), async (stored) => {
      const { turns: before, drawn } = stored ?? { turns: [], drawn: [] };
      const known = await drawnBefore(drawn, wishes);
      const added: Drawn[] = [];
      let turns = before;
      const result = wishes.map(({ key, agents, avoid }) => {
        const earlier = known.get(key);
        if (earlier !== undefined) return earlier;
        const draw = drawAgent(turns, agents, avoid);
        turns = draw.turns;
        known.set(key, draw.agent);
        added.push({ key, agent: draw.agent });
        return draw.agent;
      });
      if (added.length === 0) return { result, content: null };
      const kept = [...(await stillNeeded(drawn)), ...added];
      return { result, content: { team_id: storeText(teamId), turns, drawn: kept } };
    });

  // Of a team, the draws of this process that come while one is under way are one write.
  const drawers = new Map<string, (wish: Candidate) => Promise<number>>();
  const buildDraw = (teamId: string): ((wish: Candidate) => Promise<number>) => {
    const known = drawers.get(teamId);
    if (known !== undefined) return known;
    const drawer = createBatcher((wishes: Candidate[]) => drawAll(teamId, wishes), {
      requests: 1,
      items: rememberedDraws,
    });
    drawers.set(teamId, drawer);
    return drawer;
  };

  return guarded<AgentRotation>({
    draw: (teamId, agents, avoid, key) => buildDraw(teamId)({ key: storeText(key), agents, avoid }),
  });
}
