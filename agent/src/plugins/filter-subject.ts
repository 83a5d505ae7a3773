import type { DataAnswer, DataQuery, FilterNode } from '@muster/protocol/filter';
import type { NodeView } from '../node/index.ts';

/** What data plugins said, to be filled question by question. */
export class DataAnswers {
  readonly #answers = new Map<string, DataAnswer>();

  take({ plugin, argument }: DataQuery, answer: DataAnswer): void {
    this.#answers.set(`${plugin}\0${argument}`, answer);
  }

  /** What was not asked is not known. */
  of(plugin: string, argument: string): DataAnswer {
    return this.#answers.get(`${plugin}\0${argument}`) ?? { known: false };
  }
}

/** A node as filters look at it, in requests and in policies. */
export const filterSubject = async (node: NodeView, answers: DataAnswers): Promise<FilterNode> => ({
  identity: node.identity,
  collectives: node.collectives,
  facts: await node.facts(),
  classes: await node.classes(),
  agents: [...node.agents.keys()],
  data: (plugin, argument) => answers.of(plugin, argument),
});
