import house from './house-rules.json' with { type: 'json' };

const workspaces = Object.keys(house.packages);

/**
 * What a package may not import, as both linters say it; test/contract/house says how to mend it.
 *
 * @type {{ files: string[], rules: { 'no-restricted-imports': ['error', { patterns: { group: string[], message: string }[] }] } }[]}
 */
export const restrictedImports = Object.entries(house.packages).map(([name, rule]) => ({
  files: [`${name}/src/**`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            group: [
              ...workspaces.filter((other) => !rule.workspaces.includes(other)).map((other) => `@muster/${other}/*`),
              ...('denied' in rule ? rule.denied : []),
              ...(rule.node ? [] : ['node:*', 'node:*/**']),
            ],
            message: 'See house-rules.json.',
          },
        ],
      },
    ],
  },
}));

/** Tests may import what they test with. */
export const unrestricted = ['**/*.test.ts'];
