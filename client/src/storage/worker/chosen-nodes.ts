import type { Database } from 'better-sqlite3';
import type { EndpointParams } from '@muster/protocol/bridge';
import { ok, type Result } from '@muster/protocol/errors';
import { boundChoice, chosenAnswers } from './chosen-answers.ts';
import { createRunStamp } from './run-stamp.ts';
import { orderOf } from './sort-order.ts';

type Choice = Pick<EndpointParams<'runs.results'>, 'runId' | 'states' | 'search' | 'filter' | 'sort'>;

/** Whose answers are chosen, in order. Who scrolls asks the same again and again: the last question is answered once. */
export class ChosenNodes {
  readonly #db: Database;
  readonly #stampOf;
  #last: { readonly stamp: string; readonly identities: readonly string[] } = { stamp: '', identities: [] };

  constructor(db: Database) {
    this.#db = db;
    this.#stampOf = createRunStamp(db);
  }

  /** Errors: those of the filter. */
  of({ runId, states, search, filter = '', sort }: Choice): Result<readonly string[]> {
    const bound = boundChoice({ runId, states, search, filter });
    if (!bound.ok) return bound;
    const stamp = JSON.stringify([bound.value, sort, this.#stampOf(runId)]);
    if (stamp !== this.#last.stamp) {
      const { sql, path } = orderOf(sort);
      const identities = this.#db
        .prepare<[object], string>(`SELECT identity ${chosenAnswers} ORDER BY ${sql}`)
        .pluck()
        .all({ ...bound.value, ...(path === null ? {} : { path }) });
      this.#last = { stamp, identities };
    }
    return ok(this.#last.identities);
  }
}
