import { readAnswerFilter } from '@muster/protocol/answers';
import {
  messageField,
  type AnswerGroup,
  type EndpointParams,
  type EndpointResult,
  type Finding,
  type ResultDetail,
  type RunAggregate,
} from '@muster/protocol/bridge';
import { createAggregator, type ActionDefinition } from '@muster/protocol/ddl';
import { unwrap } from '@muster/protocol/errors';

type Choice = Pick<EndpointParams<'runs.groups'>, 'states' | 'search' | 'filter' | 'ignore'>;

const namesShown = 24;

export const chosenResults = (
  results: readonly ResultDetail[],
  { states, search, filter = '' }: Pick<Choice, 'states' | 'search' | 'filter'>,
): readonly ResultDetail[] =>
  results
    .filter(unwrap(readAnswerFilter(filter)))
    .filter(({ state }) => states.length === 0 || states.includes(state))
    .filter((result) => JSON.stringify([result.identity, result.statusMessage, result.data]).includes(search));

interface FakeGroup extends AnswerGroup {
  readonly members: readonly string[];
}

/** Groups of identical answers, the largest first. */
export function groupsOf(results: readonly ResultDetail[], choice: Choice): readonly FakeGroup[] {
  const groups = Map.groupBy(chosenResults(results, choice), ({ state, statusCode, statusMessage, data }) => {
    const kept = Object.entries(data).filter(([output]) => !choice.ignore.includes(output));
    return JSON.stringify([state, statusCode, choice.ignore.includes(messageField) ? '' : statusMessage, kept]);
  });
  return [...groups]
    .map(([key, members]) => {
      const [state, statusCode, statusMessage, kept] = JSON.parse(key) as [
        AnswerGroup['state'],
        number | null,
        string,
        [string, AnswerGroup['data'][string]][],
      ];
      const names = members.map(({ identity }) => identity).sort();
      return {
        // Keys are short in the contract.
        key: key
          .split('')
          .reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 2 ** 40, 7)
          .toString(16),
        state,
        statusCode,
        statusMessage,
        data: Object.fromEntries(kept),
        nodes: names.length,
        identities: names.slice(0, namesShown),
        members: names,
      };
    })
    .sort((a, b) => b.nodes - a.nodes);
}

export function groupSlice(
  results: readonly ResultDetail[],
  params: EndpointParams<'runs.groups'>,
): EndpointResult<'runs.groups'> {
  const groups = groupsOf(results, params);
  return {
    total: groups.length,
    nodes: groups.reduce((sum, { nodes }) => sum + nodes, 0),
    groups: groups.slice(params.offset, params.offset + params.limit),
    majority:
      groups.find(({ state }) => state === 'ok') ?? groups.find(({ statusCode }) => statusCode !== null) ?? null,
  };
}

export function summariesOf(results: readonly ResultDetail[], action: ActionDefinition): RunAggregate[] {
  const aggregator = createAggregator(action);
  for (const { state, data } of results) if (state === 'ok' || state === 'failed') aggregator.add(data);
  return aggregator.summaries().map(({ function: name, output, title, answers, finding }) => ({
    function: name,
    output,
    title,
    answers,
    finding: (finding.kind === 'counts'
      ? { ...finding, distinct: finding.counts.length, others: 0 }
      : finding) as Finding, // the same but for `readonly`
  }));
}
