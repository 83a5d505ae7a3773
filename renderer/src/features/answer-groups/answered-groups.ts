import type { AnswerGroup } from '@muster/protocol/bridge';

/** What of the groups of a run are answers: nodes that have not said anything are grouped as well. */
export interface AnsweredGroups {
  /** Number of groups of answers. */
  readonly groups: number;
  /** Number of nodes in them. */
  readonly answered: number;
  /** Number of nodes in all groups. */
  readonly nodes: number;
}

interface Found {
  readonly total: number;
  readonly nodes: number;
  /** The largest of all groups: as many as are shown. Silent nodes have few groups, by their states, and are thought to be among them. */
  readonly groups: readonly Pick<AnswerGroup, 'statusCode' | 'nodes'>[];
}

export const isAnswered = ({ statusCode }: Pick<AnswerGroup, 'statusCode'>): boolean => statusCode !== null;

export function answeredGroups({ total, nodes, groups }: Found): AnsweredGroups {
  const silent = groups.filter((group) => !isAnswered(group));
  return {
    groups: total - silent.length,
    answered: nodes - silent.reduce((sum, group) => sum + group.nodes, 0),
    nodes,
  };
}
