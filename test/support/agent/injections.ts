import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgentDdl, InputDefinition } from '@muster/protocol/ddl';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

type Inputs = Readonly<Record<string, unknown>>;

/** How to ask an agent, and what to ask it beside the attack. */
export interface InjectionTrial {
  readonly ddl: AgentDdl;
  /** Has an action carried out, through a whole node or by its module alone. Gives something once it has ended. */
  readonly ask: (action: string, inputs: Inputs) => Promise<unknown>;
  /** A value for each input, by its name, with which the action does no harm here. Inputs that an action needs must have one. */
  readonly harmless: Inputs;
  /** Inputs whose very purpose it is to be run, as `ACTION.INPUT`. */
  readonly spared?: readonly string[];
  /** `all` one by one; `few`, that are all of them in three texts, where an action is slow. Default: all. */
  readonly attacks?: 'all' | 'few';
}

/** Texts that create the file `canary` when a shell gets to see them, bare or in quotes. */
const shellAttacks = (canary: string): readonly string[] => {
  const touch = `touch ${canary}`;
  return [
    `;${touch}`,
    `;${touch};`,
    `|${touch}`,
    `|| ${touch}`,
    `&${touch}&`,
    `&& ${touch}`,
    `\n${touch}\n`,
    `\r\n${touch}\n`,
    `$(${touch})`,
    `\`${touch}\``,
    `;touch\${IFS}${canary}`,
    `';${touch};'`,
    `";${touch};"`,
    `>${canary}`,
    ` >>${canary} `,
  ];
};

/** Texts that make one program or another run `touch` when it takes them for an option. */
const optionAttacks = (canary: string): readonly string[] => [
  `-oAPT::Update::Pre-Invoke::=touch ${canary}`,
  `-oDPkg::Pre-Invoke::=touch ${canary}`,
  `--eval=%(touch ${canary})`,
  `--exec=touch ${canary}`,
  `--output=${canary}`,
  `-o${canary}`,
  `--log-file=${canary}`,
];

const fewAttacks = (canary: string): readonly string[] => [
  shellAttacks(canary).slice(0, 11).join(' '),
  `';touch ${canary};' ";touch ${canary};" >${canary}`,
  `-oDPkg::Pre-Invoke::=touch ${canary}`,
];

const holdsText = ({ type }: InputDefinition): boolean => ['string', 'list', 'array', 'hash'].includes(type);

/** The values that an input of that type can smuggle a text in with. */
function smuggled({ type }: InputDefinition, attack: string, harmless: unknown): readonly unknown[] {
  switch (type) {
    case 'array':
      return [[attack]];
    case 'hash':
      return [{ x: attack }, { [attack]: 'x' }];
    default:
      return typeof harmless === 'string' ? [attack, `${harmless}${attack}`] : [attack];
  }
}

/** Whether a shell that is given the text bare, or between quotes of either kind, creates the canary. */
async function worksInShell(attack: string, canary: string): Promise<boolean> {
  // What `||` leads to runs where the command before it fails.
  for (const line of [`echo ${attack}`, `false ${attack}`, `echo '${attack}'`, `echo "${attack}"`]) {
    await new Promise((resolve) => execFile('/bin/sh', ['-c', line], { cwd: '/' }, resolve));
    const worked = existsSync(canary);
    await rm(canary, { force: true });
    if (worked) return true;
  }
  return false;
}

/** Every input of every action that can hold a text, and what the action needs beside it. Throws where that is not known. */
function targets({ ddl, harmless, spared = [] }: InjectionTrial) {
  return ddl.actions.flatMap((action) =>
    Object.entries(action.inputs)
      .filter(([name, input]) => holdsText(input) && !spared.includes(`${action.name}.${name}`))
      .map(([name, input]) => {
        const needed = Object.entries(action.inputs).filter(([other, { optional }]) => !optional && other !== name);
        const others = needed.map(([other]) => {
          if (!Object.hasOwn(harmless, other)) throw new Error(`say which ${other} does no harm in ${action.name}`);
          return [other, harmless[other]] as const;
        });
        return { action: action.name, name, input, others: Object.fromEntries(others) };
      }),
  );
}

/**
 * Tries to have a shell, or an option, do something by way of every input of an agent that can hold a text, whatever its DDL
 * says of it: an input that is added later is tried too.
 */
export function describeInjections(title: string, trial: InjectionTrial): void {
  describe(title, () => {
    let folder: string;
    let canary: string;
    beforeAll(async () => {
      // Short, so that attacks stay below the longest text that inputs take.
      folder = await mkdtemp(join(tmpdir(), 'c-'));
      canary = join(folder, 'c');
    });
    afterAll(() => rm(folder, { recursive: true, force: true }));

    it('attacks work where a shell sees them', async () => {
      for (const attack of shellAttacks(canary)) {
        expect({ attack, works: await worksInShell(attack, canary) }).toEqual({ attack, works: true });
      }
    });

    it.each(targets(trial))('$action takes no orders by $name', async ({ action, name, input, others }) => {
      const attacks =
        trial.attacks === 'few' ? fewAttacks(canary) : [...shellAttacks(canary), ...optionAttacks(canary)];
      for (const value of attacks.flatMap((attack) => smuggled(input, attack, trial.harmless[name]))) {
        expect(await trial.ask(action, { ...others, [name]: value })).toBeDefined();
        expect({ value, effect: existsSync(canary) }).toEqual({ value, effect: false });
      }
    });
  });
}
