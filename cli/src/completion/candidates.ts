import type { Engine } from '@muster/client/engine';
import type { Profile } from '@muster/client/profiles';
import { discoveryMethods, type RunSummary } from '@muster/protocol/bridge';
import type { ActionDefinition, AgentDdl } from '@muster/protocol/ddl';
import type { Command } from 'commander';
import { cleanLine } from '../output/clean-text.ts';
import { stateText } from '../output/run-course.ts';
import type { Place } from './place.ts';

/** What may stand at the cursor, and what it is. */
export interface Candidate {
  readonly value: string;
  readonly description?: string;
}

/** Candidates; or the names of files, which the shell knows itself. */
export type Completion = readonly Candidate[] | 'files';

/** The part of an engine that completion looks at: what this console remembers, without asking anybody. */
export interface Memory {
  readonly inventory: Pick<Engine['inventory'], 'agents' | 'identities' | 'classes' | 'factPaths' | 'factValues'>;
  readonly presets: Pick<Engine['presets'], 'list'>;
  readonly groups: Pick<Engine['groups'], 'list'>;
  readonly runs: Pick<Engine['runs'], 'list'>;
  readonly configuration: { readonly collectives: readonly string[] };
  readonly profiles: readonly Profile[];
}

/** More would fill the terminal and help nobody. */
const mostCandidates = 500;

const named = (values: readonly string[]): readonly Candidate[] => values.map((value) => ({ value }));
const counted = (entries: readonly { readonly value: string; readonly nodes: number }[]): readonly Candidate[] =>
  entries.map(({ value, nodes }) => ({ value, description: `${nodes} nodes` }));

type Source = (memory: Memory, typed: string) => Promise<Completion>;

async function ddls({ inventory }: Memory): Promise<readonly AgentDdl[]> {
  const agents = await inventory.agents();
  return agents.ok ? agents.value.map(({ ddl }) => ddl) : [];
}

async function agents(memory: Memory): Promise<readonly Candidate[]> {
  return (await ddls(memory)).map(({ name, description }) => ({ value: name, description }));
}

async function findDdl(memory: Memory, agent: string): Promise<AgentDdl | undefined> {
  return (await ddls(memory)).find(({ name }) => name === agent);
}

const described = (actions: readonly ActionDefinition[]): readonly Candidate[] =>
  actions.map(({ name, description }) => ({ value: name, description }));

/** Inputs as `key=`, without those that are given; behind the `=` the values of a list or of a yes and no. */
export function inputCandidates(
  action: ActionDefinition,
  given: readonly string[],
  typed: string,
): readonly Candidate[] {
  const key = typed.slice(0, Math.max(0, typed.indexOf('=')));
  const input = Object.hasOwn(action.inputs, key) ? action.inputs[key] : undefined;
  if (input !== undefined) {
    const values = input.type === 'boolean' ? ['true', 'false'] : (input.list ?? []);
    return named(values.map((value) => `${key}=${value}`));
  }
  const taken = new Set(given.map((pair) => pair.split('=', 1)[0]));
  return Object.entries(action.inputs)
    .filter(([name]) => !taken.has(name))
    .map(([name, { prompt }]) => ({ value: `${name}=`, description: prompt }));
}

async function nodes({ inventory }: Memory): Promise<readonly Candidate[]> {
  const found = await inventory.identities('');
  return found.ok ? named(found.value) : [];
}

async function classes({ inventory }: Memory): Promise<readonly Candidate[]> {
  const found = await inventory.classes();
  return found.ok ? counted(found.value) : [];
}

async function facts({ inventory }: Memory): Promise<readonly Candidate[]> {
  const found = await inventory.factPaths();
  return found.ok ? counted(found.value) : [];
}

/** `path=`, and behind it the values that the fact has. */
async function factConditions(memory: Memory, typed: string): Promise<readonly Candidate[]> {
  const equals = typed.indexOf('=');
  if (equals < 0) return (await facts(memory)).map((fact) => ({ ...fact, value: `${fact.value}=` }));
  const path = typed.slice(0, equals);
  const values = await memory.inventory.factValues(path, 100);
  return values.ok ? counted(values.value.values.map((entry) => ({ ...entry, value: `${path}=${entry.value}` }))) : [];
}

const presets: Source = async ({ presets: kept }) => {
  const listed = await kept.list();
  return listed.ok ? listed.value.map(({ name, description }) => ({ value: name, description })) : [];
};
const groups: Source = async ({ groups: kept }) => {
  const listed = await kept.list();
  return listed.ok ? listed.value.map(({ name, description }) => ({ value: name, description })) : [];
};

const runCandidate = (run: RunSummary): Candidate => ({
  value: run.runId,
  description: `${run.agent} ${run.action}, ${stateText(run)}, ${new Date(run.startedAtMs).toISOString().slice(0, 19)}Z`,
});

async function newestRuns({ runs: kept }: Memory, limit: number): Promise<readonly RunSummary[]> {
  const listed = await kept.list({ search: '', offset: 0, limit });
  return listed.ok ? listed.value.runs : [];
}

const lastRun: Candidate = { value: 'last', description: 'the newest run' };
const isOpen = ({ finishedAtMs }: RunSummary): boolean => finishedAtMs === null;

const runs: Source = async (memory) => [lastRun, ...(await newestRuns(memory, 20)).map(runCandidate)];
/** Runs that have not ended: further back than others, for they may have been waiting for days. */
const openRuns: Source = async (memory) => (await newestRuns(memory, 200)).filter(isOpen).map(runCandidate);
const openRunsFirst: Source = async (memory) => {
  const known = await newestRuns(memory, 200);
  const open = known.filter(isOpen);
  return [
    lastRun,
    ...[...open, ...known.filter((run) => !isOpen(run))].slice(0, Math.max(20, open.length)).map(runCandidate),
  ];
};

const profiles: Source = ({ profiles: all }) =>
  Promise.resolve(all.map(({ name, home }) => ({ value: name, description: home })));

/** What a time may look like: examples to change. */
const times: Source = () =>
  Promise.resolve([
    { value: '18:00', description: 'the next time that it is 18:00' },
    { value: '90m', description: '90 minutes from now' },
    { value: '2d', description: 'two days from now' },
  ]);

const files: Source = () => Promise.resolve('files');

/** What follows a flag, by its long name. */
const optionSources: Readonly<Record<string, Source>> = {
  '--with-identity': nodes,
  '--wi': nodes,
  '--node': nodes,
  '--with-class': classes,
  '--wc': classes,
  '--with-agent': agents,
  '--wa': agents,
  '--with-fact': factConditions,
  '--wf': factConditions,
  '--preset': presets,
  '--group': groups,
  '--include': groups,
  '--disc-method': () => Promise.resolve(named(discoveryMethods)),
  '--target': ({ configuration }) => Promise.resolve(named(configuration.collectives)),
  '--agent': agents,
  '--until': times,
  '--nodes': files,
  '--home': files,
  '--profile': profiles,
  '--passphrase-file': files,
  '--new-passphrase-file': files,
  '--proxy-password-file': files,
  '--proxy-ca': files,
  '--policies': files,
  '--ddl': files,
  '--input': files,
};

/** The arguments of commands, by their names. */
const argumentSources: Readonly<Record<string, Source>> = {
  facts,
  inventory: nodes,
  'runs show': runs,
  'runs attach': openRunsFirst,
  'runs watch': openRunsFirst,
  'runs pause': openRuns,
  'runs resume': openRuns,
  'runs stop': openRuns,
  'runs cancel': openRuns,
  'preset show': presets,
  'preset save': presets,
  'preset remove': presets,
  'preset import': files,
  'db backup': files,
  'runs import': files,
  'keys join': files,
  'policy lint': files,
  'group show': groups,
  'group save': groups,
  'group members': groups,
  'group remove': groups,
  'profile use': profiles,
  'profile change': profiles,
  'profile remove': profiles,
};

const subcommands = (of: Command): readonly Candidate[] =>
  of
    .createHelp()
    .visibleCommands(of)
    .map((command) => ({ value: command.name(), description: command.description() }));

const flags = (of: Command): readonly Candidate[] =>
  of
    .createHelp()
    .visibleOptions(of)
    .flatMap(({ long, short, description }) => {
      const value = long ?? short;
      return value === undefined ? [] : [{ value, description }];
    });

async function argumentCandidates(
  { path, given }: Extract<Place, { kind: 'argument' }>,
  memory: Memory,
  typed: string,
): Promise<Completion> {
  if (path === 'rpc') {
    const [agent, actionName, ...pairs] = given;
    if (agent === undefined) return agents(memory);
    const ddl = await findDdl(memory, agent);
    if (actionName === undefined) return described(ddl?.actions ?? []);
    const action = ddl?.actions.find(({ name }) => name === actionName);
    return action === undefined ? [] : inputCandidates(action, pairs, typed);
  }
  const source = Object.hasOwn(argumentSources, path) ? argumentSources[path] : undefined;
  if (source !== undefined) return given.length === 0 ? source(memory, typed) : [];
  // Applications are called as their agents are.
  return described((await findDdl(memory, path))?.actions ?? []).filter(({ value }) => !given.includes(value));
}

async function allCandidates(place: Place, memory: Memory, typed: string): Promise<Completion> {
  switch (place.kind) {
    case 'command':
      return subcommands(place.of);
    case 'flag':
      return flags(place.of);
    case 'argument':
      return argumentCandidates(place, memory, typed);
    case 'value': {
      const { option, value, before } = place;
      const source = optionSources[option.long ?? ''];
      const found =
        option.argChoices !== undefined ? named(option.argChoices) : ((await source?.(memory, value)) ?? []);
      return found === 'files' ? found : found.map((one) => ({ ...one, value: before + one.value }));
    }
  }
}

/**
 * What may stand at the cursor, by what this console remembers. Names come from nodes as well, and nobody should type what cannot
 * be seen: those with control characters and the like are left out.
 */
export async function completionsAt(place: Place, memory: Memory, typed: string): Promise<Completion> {
  const found = await allCandidates(place, memory, typed);
  if (found === 'files') return found;
  const fitting = found.filter(({ value }) => value.startsWith(typed) && cleanLine(value) === value);
  return fitting.slice(0, mostCandidates);
}
