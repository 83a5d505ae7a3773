import { readFileSync } from 'node:fs';

interface Case {
  readonly policy: string | null;
  readonly default_policy?: string;
  readonly groups?: string;
  readonly options?: object;
  readonly inputs?: Readonly<Record<string, unknown>>;
}

const casesOf = (name: string): readonly Case[] => {
  const file = new URL(`../../golden/${name}`, import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { readonly cases: readonly Case[] }).cases; // the file is ours and has this shape
};
const cases = [...casesOf('policy-vectors.json'), ...casesOf('policy-cases.json')];

/** What parts the files of a folder in an input. */
export const filePart = '\n\u001c\n';

/** Folders of policies, out of the golden ones: the agent's policy, the default one, groups and settings. */
export const goodFolders: readonly string[] = cases.map(({ policy, default_policy: byDefault, groups, options }) =>
  [policy, byDefault, groups, options && JSON.stringify(options)].map((text) => text ?? '').join(filePart),
);

/** Inputs of some of the golden requests. */
export const anyInputs: readonly Readonly<Record<string, unknown>>[] = cases
  .flatMap(({ inputs }) => (inputs === undefined ? [] : [inputs]))
  .filter((_inputs, index) => index % 8 === 0);
