import type { EndpointParams } from '@muster/protocol/bridge';
import { containing } from './searching.ts';

type Choice = Pick<EndpointParams<'runs.results'>, 'runId' | 'states' | 'search'>;

/** The SQL for the answers of a run that are in some states and contain a text. Its parameters come from {@link boundChoice}. */
export const chosenAnswers = `
  FROM run_nodes WHERE run_id = @runId
    AND (@states = '[]' OR state IN (SELECT value FROM json_each(@states)))
    AND (@search = '' OR identity LIKE @like ESCAPE '\\' OR status_message LIKE @like ESCAPE '\\' OR data LIKE @like ESCAPE '\\')`;

export const boundChoice = ({ runId, states, search }: Choice) => ({
  runId,
  states: JSON.stringify(states),
  search,
  like: containing(search),
});
