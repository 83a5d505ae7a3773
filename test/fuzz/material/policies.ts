import { policyVectors } from '../../support/policy-vectors.ts';

const cases = [...policyVectors('policy-vectors').cases, ...policyVectors('policy-cases').cases];

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
