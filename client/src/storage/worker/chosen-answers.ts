import { readAnswerFilter } from '@muster/protocol/answers';
import type { EndpointParams } from '@muster/protocol/bridge';
import { ok } from '@muster/protocol/errors';
import { containing } from './searching.ts';

type Choice = Pick<EndpointParams<'runs.results'>, 'runId' | 'states' | 'search' | 'filter'>;

/**
 * The SQL for the answers of a run that are in some states, contain a text and match a filter. Its parameters come from
 * {@link boundChoice}; `answer_matches` is made by `defineAnswerMatches`.
 */
export const chosenAnswers = `
  FROM run_nodes WHERE run_id = @runId
    AND (@states = '[]' OR state IN (SELECT value FROM json_each(@states)))
    AND (@search = '' OR identity LIKE @like ESCAPE '\\' OR status_message LIKE @like ESCAPE '\\' OR data LIKE @like ESCAPE '\\')
    AND (@filter = '' OR answer_matches(
      @filter, identity, state, status_code, status_message, outcome, arrival, elapsed_ms, data))`;

/** Errors: those of the filter. */
export function boundChoice({ runId, states, search, filter = '' }: Choice) {
  const readable = readAnswerFilter(filter);
  if (!readable.ok) return readable;
  return ok({ runId, states: JSON.stringify(states), search, like: containing(search), filter: filter.trim() });
}

export type BoundChoice = Extract<ReturnType<typeof boundChoice>, { readonly ok: true }>['value'];
