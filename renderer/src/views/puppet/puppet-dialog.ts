import type { PuppetAct } from '../../features/puppet-acts/puppet-acts-state.svelte.ts';

/** What a dialog of the page asks about. */
export type PuppetDialog = PuppetAct | 'runall';
