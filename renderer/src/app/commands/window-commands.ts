import type { Command } from '../../features/commands/command.ts';
import { densities } from '../../features/density/density-state.svelte.ts';
import { languageChoices } from '../../features/language/language-choice.ts';
import { nameOfChoice } from '../../features/language/name-of-choice.ts';
import { themes } from '../../features/theme/theme-state.svelte.ts';
import { texts } from '../../texts/texts.ts';
import { mainPages } from '../main-pages.ts';

const { titles, keywords, goTo, ...words } = texts.commands;

const goToPages: readonly Command[] = mainPages.map(({ label, key, fresh }, position) => ({
  id: `go.${fresh.view}`,
  title: goTo(label),
  group: 'pages',
  // There are nine digits.
  shortcuts: [`g ${key}`, ...(position < 9 ? [`mod+${position + 1}`] : [])],
}));

const here = (id: string, title: string, ...shortcuts: readonly string[]): Command => ({
  ...{ id, title, shortcuts },
  group: 'here',
});

/** What single pages can do; each says by `handleCommands` what that is as long as it is shown. */
const onPages: readonly Command[] = [
  here('page.mainInput', titles.mainInput, '/'),
  here('fleet.refresh', titles.refreshFleet),
  here('fleet.clearFilter', titles.clearFilter),
  here('puppet.ask', titles.askPuppet),
  here('puppet.runAll', titles.runAll),
  here('run.pause', titles.pauseRun),
  here('run.resume', titles.resumeRun),
  here('run.stop', titles.stopRun),
  here('run.cancel', titles.cancelRun),
  here('run.again', titles.runAgain),
  here('page.copyLink', titles.copyLink),
];

const window = (id: string, title: string, ...shortcuts: readonly string[]): Command => ({
  ...{ id, title, shortcuts },
  group: 'window',
});

const ofWindow: readonly Command[] = [
  { ...window('palette', titles.palette, 'mod+k'), keywords: keywords.palette },
  window('node.find', titles.goToNode, 'g n'),
  window('shortcuts', titles.shortcuts, '?'),
  window('page.newWindow', titles.newWindow),
  window('console.lock', titles.lock),
  { ...window('fleets.switch', titles.switchFleet, 'g x'), keywords: keywords.fleets },
  { ...window('fleets.manage', titles.manageFleets), keywords: keywords.fleets },
];

const looks = (ofLook: string, commands: readonly Pick<Command, 'id' | 'title'>[]): readonly Command[] =>
  commands.map((command) => ({ ...command, group: 'look', shortcuts: [], keywords: ofLook }));

const look: readonly Command[] = [
  ...looks(keywords.look, [
    ...themes.map((theme) => ({ id: `theme.${theme}`, title: words.theme(texts.shell.themes[theme]) })),
    ...densities.map((density) => ({ id: `density.${density}`, title: words.density(texts.shell.densities[density]) })),
  ]),
  ...looks(
    keywords.language,
    languageChoices.map((choice) => ({ id: `language.${choice}`, title: words.language(nameOfChoice(choice)) })),
  ),
];

/** Every command of the window, in the order in which they are listed. */
export const windowCommands: readonly Command[] = [...onPages, ...goToPages, ...ofWindow, ...look];
