import BookOpen from '@lucide/svelte/icons/book-open';
import CalendarClock from '@lucide/svelte/icons/calendar-clock';
import CirclePlay from '@lucide/svelte/icons/circle-play';
import HeartPulse from '@lucide/svelte/icons/heart-pulse';
import History from '@lucide/svelte/icons/history';
import Package from '@lucide/svelte/icons/package';
import Server from '@lucide/svelte/icons/server';
import Settings from '@lucide/svelte/icons/settings';
import ShieldCheck from '@lucide/svelte/icons/shield-check';
import Workflow from '@lucide/svelte/icons/workflow';
import { texts } from '../texts/texts.ts';
import type { Icon } from '../ui/icon.ts';
import type { Route, View } from './router.ts';

/** A page that the sidebar leads to. */
interface MainPage {
  readonly label: string;
  readonly icon: Icon;
  /** The key that leads there after `g`. */
  readonly key: string;
  /** What is shown when the page was not open before. */
  readonly fresh: Route;
  /** Pages without a line of their own, that belong to this one. */
  readonly children?: readonly View[];
}

const words = texts.shell;

/** The lines of the sidebar in their order; a group stands apart from the next. */
export const pageGroups: readonly (readonly MainPage[])[] = [
  [
    {
      label: words.fleet,
      icon: Server,
      key: 'f',
      fresh: { view: 'fleet', filter: '', node: null },
      children: ['node'],
    },
    { label: words.run, icon: CirclePlay, key: 'r', fresh: { view: 'compose' } },
    {
      label: words.history,
      icon: History,
      key: 'h',
      fresh: { view: 'history', search: '' },
      children: ['run', 'comparison'],
    },
  ],
  [
    {
      ...{ label: words.puppet, icon: Workflow, key: 'p', fresh: { view: 'puppet', filter: '', node: null } },
      children: ['runall', 'runalls'],
    },
    {
      label: words.software,
      icon: Package,
      key: 'o',
      fresh: { view: 'software', kind: 'package', name: '', type: '', runId: null, filter: '' },
    },
  ],
  [
    { label: words.schedule, icon: CalendarClock, key: 'd', fresh: { view: 'schedule' } },
    { label: words.catalogue, icon: BookOpen, key: 'c', fresh: { view: 'catalogue', subject: null, version: null } },
  ],
  [
    { label: words.health, icon: HeartPulse, key: 'e', fresh: { view: 'health', aspect: null, version: null } },
    { label: words.security, icon: ShieldCheck, key: 's', fresh: { view: 'security', tab: null } },
    { label: words.settings, icon: Settings, key: ',', fresh: { view: 'settings', tab: null } },
  ],
];

/** All lines of the sidebar. */
export const mainPages: readonly MainPage[] = pageGroups.flat();
