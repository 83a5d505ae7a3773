import type { FleetAgent, Preset, Recipe, RunSummary } from '@muster/protocol/bridge';
import type { Command, CommandGroup } from '../commands/command.ts';
import type { ShownFleet } from '../fleets/fleets-state.svelte.ts';
import { matchScore } from './match-score.ts';

/** Something that can be chosen in the palette. */
export type PaletteItem =
  | { readonly kind: 'command'; readonly key: string; readonly command: Command }
  | { readonly kind: 'node'; readonly key: string; readonly identity: string }
  /** Leads to all nodes that match what was typed. */
  | { readonly kind: 'allNodes'; readonly key: string; readonly count: number }
  | { readonly kind: 'preset'; readonly key: string; readonly preset: Preset }
  | { readonly kind: 'recipe'; readonly key: string; readonly recipe: Recipe }
  | {
      readonly kind: 'action';
      readonly key: string;
      readonly agent: string;
      readonly action: string;
      readonly about: string;
    }
  | { readonly kind: 'run'; readonly key: string; readonly run: RunSummary }
  | { readonly kind: 'fleet'; readonly key: string; readonly fleet: ShownFleet };

/** A part of the palette; parts of commands are called as the groups of commands are. */
export type SectionId = CommandGroup | 'nodes' | 'presets' | 'recipes' | 'actions' | 'runs' | 'fleets';

export interface PaletteSection {
  readonly id: SectionId;
  readonly items: readonly PaletteItem[];
}

/** The most items of one part; to see others, a person types more. */
const shownPerSection = 8;

interface Candidate {
  readonly item: PaletteItem;
  readonly text: string;
}

const commandsOf = (commands: readonly Command[], group: CommandGroup): readonly Candidate[] =>
  commands
    .filter((command) => command.group === group)
    .map((command) => ({
      item: { kind: 'command', key: `command ${command.id}`, command },
      text: `${command.title} ${command.keywords ?? ''}`,
    }));

const actionsOf = (agents: readonly FleetAgent[]): readonly Candidate[] =>
  agents.flatMap(({ ddl }) =>
    ddl.actions.map(({ name, description }) => ({
      item: { kind: 'action', key: `action ${ddl.name} ${name}`, agent: ddl.name, action: name, about: description },
      text: `${ddl.name}.${name} ${ddl.name} ${name}`,
    })),
  );

const presetsOf = (presets: readonly Preset[]): readonly Candidate[] =>
  presets.map((preset) => ({
    item: { kind: 'preset', key: `preset ${preset.name}`, preset },
    text: `${preset.name} ${preset.tags.join(' ')}`,
  }));

const recipesOf = (recipes: readonly Recipe[]): readonly Candidate[] =>
  recipes.map((recipe) => ({
    item: { kind: 'recipe', key: `recipe ${recipe.name}`, recipe },
    text: `${recipe.name} ${recipe.tags.join(' ')}`,
  }));

const fleetsOf = (fleets: readonly ShownFleet[]): readonly Candidate[] =>
  fleets.map((fleet) => ({ item: { kind: 'fleet', key: `fleet ${fleet.label}`, fleet }, text: fleet.label }));

/** What the engine told for a search. */
export interface PaletteFindings {
  readonly nodes: readonly string[];
  readonly nodeCount: number;
  readonly runs: readonly RunSummary[];
}

/** Everything that may be chosen, whether it fits a search or not. */
export interface PaletteStock {
  readonly commands: readonly Command[];
  readonly presets: readonly Preset[];
  readonly recipes: readonly Recipe[];
  readonly agents: readonly FleetAgent[];
  /** Those that the window can switch to. */
  readonly fleets: readonly ShownFleet[];
}

/** The parts that have something for a search. With one, the part whose first item fits best comes first; without, actions are left out. */
export function sectionsFor(search: string, stock: PaletteStock, findings: PaletteFindings): readonly PaletteSection[] {
  const isSearching = search.trim() !== '';
  const ranked = (id: SectionId, candidates: readonly Candidate[]) => {
    const fitting = candidates
      .map(({ item, text }) => ({ item, score: matchScore(search, text) ?? -1 }))
      .filter(({ score }) => score >= 0)
      .toSorted((a, b) => b.score - a.score);
    return { id, score: fitting[0]?.score ?? -1, items: fitting.slice(0, shownPerSection).map(({ item }) => item) };
  };
  const nodes: readonly PaletteItem[] = [
    ...findings.nodes.map((identity): PaletteItem => ({ kind: 'node', key: `node ${identity}`, identity })),
    ...(findings.nodeCount > findings.nodes.length
      ? [{ kind: 'allNodes', key: 'all nodes', count: findings.nodeCount } as const]
      : []),
  ];
  // The engine has matched these already: they fit as a text inside a name does.
  const found = (id: SectionId, items: readonly PaletteItem[]) => ({ id, score: items.length === 0 ? -1 : 2, items });
  const sections = [
    ranked('here', commandsOf(stock.commands, 'here')),
    ranked('pages', commandsOf(stock.commands, 'pages')),
    found('nodes', nodes),
    ranked('presets', presetsOf(stock.presets)),
    ranked('recipes', recipesOf(stock.recipes)),
    ...(isSearching ? [ranked('actions', actionsOf(stock.agents))] : []),
    found(
      'runs',
      findings.runs.map((run) => ({ kind: 'run', key: `run ${run.runId}`, run })),
    ),
    ranked('fleets', fleetsOf(stock.fleets)),
    ranked('window', commandsOf(stock.commands, 'window')),
    ranked('look', commandsOf(stock.commands, 'look')),
  ].filter(({ items }) => items.length > 0);
  return isSearching ? sections.toSorted((a, b) => b.score - a.score) : sections;
}

/** The filter for nodes whose name holds every word; null when one cannot be part of a name. */
export function namesFilter(search: string): string | null {
  const words = search.trim().split(/\s+/).filter(Boolean);
  if (!words.every((word) => /^[\w.-]+$/.test(word))) return null;
  return words.map((word) => `@identity=*${word}*`).join(' and ');
}
