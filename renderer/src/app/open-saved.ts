import type { Saved } from '../features/pins/pins-state.svelte.ts';
import { runOfRecipe } from '../features/recipes/recipe-run.ts';
import type { RunDraftState } from '../features/run-draft/run-draft-state.svelte.ts';
import type { NavigationState } from './navigation-state.svelte.ts';

/** Shows the nodes of a preset, selects those of a group, or composes the run of a recipe. */
export function openSaved(
  saved: Saved,
  { navigation, draft }: { readonly navigation: NavigationState; readonly draft: RunDraftState },
): void {
  if (saved.kind === 'preset') navigation.go({ view: 'fleet', filter: saved.preset.filter, node: null });
  else if (saved.kind === 'group') navigation.go({ view: 'fleet', filter: '', node: null, group: saved.group.name });
  else {
    draft.take(runOfRecipe(saved.recipe));
    navigation.go({ view: 'compose' });
  }
}
