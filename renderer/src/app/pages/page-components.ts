import type { Component } from 'svelte';
import type { Routes, View } from '../router.ts';
import CataloguePage from './catalogue/CataloguePage.svelte';
import ComparisonPage from './comparison/ComparisonPage.svelte';
import ComposePage from './compose/ComposePage.svelte';
import FleetPage from './fleet/FleetPage.svelte';
import HealthPage from './health/HealthPage.svelte';
import HistoryPage from './history/HistoryPage.svelte';
import NodePage from './node/NodePage.svelte';
import PuppetPage from './puppet/PuppetPage.svelte';
import RunallPage from './puppet/RunallPage.svelte';
import RunallsPage from './puppet/RunallsPage.svelte';
import RunPage from './run/RunPage.svelte';
import SchedulePage from './schedule/SchedulePage.svelte';
import SecurityPage from './security/SecurityPage.svelte';
import SettingsPage from './settings/SettingsPage.svelte';
import SoftwarePage from './software/SoftwarePage.svelte';

/** A page that needs to know no more than that it is shown. */
const plain =
  (page: Component<Record<string, never>>): Component<{ route: unknown }> =>
  (internals) =>
    page(internals, {});

/** What shows each view: it gives a route to the view, and takes the window on to others. */
export const pageComponents: { readonly [V in View]: Component<{ route: Routes[V] }> } = {
  catalogue: CataloguePage,
  comparison: ComparisonPage,
  compose: plain(ComposePage),
  fleet: FleetPage,
  health: HealthPage,
  history: HistoryPage,
  node: NodePage,
  puppet: PuppetPage,
  run: RunPage,
  runall: RunallPage,
  runalls: plain(RunallsPage),
  schedule: plain(SchedulePage),
  security: SecurityPage,
  settings: SettingsPage,
  software: SoftwarePage,
};
