import type Search from '@lucide/svelte/icons/search';

/** Any icon of Lucide. With the package's own name for it every tool that looks at types would read all of its icons. */
export type Icon = typeof Search;
