import { untrack } from 'svelte';
import type { CommandHandlers } from './command.ts';
import { useCommands } from './commands-state.svelte.ts';

/** As long as the component is there, these commands do this; what a function gives may change with what it reads. */
export function handleCommands(handlers: () => CommandHandlers): void {
  const commands = useCommands();
  $effect(() => {
    const present = handlers();
    return untrack(() => {
      const stop = commands.handle(present);
      return () => untrack(stop);
    });
  });
}
