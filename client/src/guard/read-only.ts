import type { ActionDefinition } from '@muster/protocol/ddl';
import { fail, ok, type Result } from '@muster/protocol/errors';

/** Whether a console only runs actions that read. Once it is so, it stays so until the console is started anew. */
export class ReadOnly {
  #isOn: boolean;

  constructor(isOn: boolean) {
    this.#isOn = isOn;
  }

  get isOn(): boolean {
    return this.#isOn;
  }

  turnOn(): void {
    this.#isOn = true;
  }

  /** Whether an action may be run, by what its DDL says of it. Errors: `console.read_only`. */
  check({ name, effect }: Pick<ActionDefinition, 'name' | 'effect'>): Result<void> {
    return effect === 'read' ? ok(undefined) : this.checkChange(`Action ${name}`);
  }

  /** Whether something may be done that changes nodes. Errors: `console.read_only`. */
  checkChange(what: string): Result<void> {
    return this.#isOn ? fail('console.read_only', `${what} changes nodes, and this console only reads`) : ok(undefined);
  }
}
