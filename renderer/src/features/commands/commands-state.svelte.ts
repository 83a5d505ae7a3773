import { createContext } from 'svelte';
import type { Command, CommandHandlers } from './command.ts';
import type { KeymapState } from './keymap-state.svelte.ts';

/** Every command of the window, and which of them can be given now. */
export class CommandsState {
  readonly all: readonly Command[];
  readonly keymap: KeymapState;
  #handlers = $state.raw<readonly CommandHandlers[]>([]);
  readonly #byId: ReadonlyMap<string, Command>;

  constructor(all: readonly Command[], keymap: KeymapState) {
    this.all = all;
    this.keymap = keymap;
    this.#byId = new Map(all.map((command) => [command.id, command]));
  }

  /** Those that can be given now, in the order of the registry. */
  get available(): readonly Command[] {
    return this.all.filter(({ id }) => this.#handlerOf(id) !== null);
  }

  /** Says what commands do from now on, before whatever was said earlier; returns how to take it back. */
  handle(handlers: CommandHandlers): () => void {
    const unknown = Object.keys(handlers).find((id) => !this.#byId.has(id));
    if (unknown !== undefined) throw new Error(`No command is called ${unknown}`);
    this.#handlers = [handlers, ...this.#handlers];
    return () => (this.#handlers = this.#handlers.filter((others) => others !== handlers));
  }

  /** Gives a command; false when it cannot be given now. */
  run(id: string): boolean {
    const handler = this.#handlerOf(id);
    handler?.();
    return handler !== null;
  }

  /** Gives the command that a shortcut stands for, the first of those that can be given. */
  runShortcut(shortcut: string): boolean {
    return this.keymap.commandsOf(shortcut).some((id) => this.run(id));
  }

  #handlerOf(id: string): (() => void) | null {
    for (const handlers of this.#handlers) {
      const handler = handlers[id];
      if (handler !== undefined) return handler;
    }
    return null;
  }
}

export const [useCommands, provideCommands] = createContext<CommandsState>();
