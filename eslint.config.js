import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import house from './house-rules.json' with { type: 'json' };

const workspaces = Object.keys(house.packages);

/** What a package may not import, as ESLint says it; test/contract/house says how to mend it. */
const restrictedImports = Object.entries(house.packages).map(([name, rule]) => ({
  files: [`${name}/src/**`],
  ignores: ['**/*.test.ts'],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            group: [
              ...workspaces.filter((other) => !rule.workspaces.includes(other)).map((other) => `@muster/${other}/*`),
              ...(rule.denied ?? []),
              ...(rule.node ? [] : ['node:*']),
            ],
            message: 'See house-rules.json.',
          },
        ],
      },
    ],
  },
}));

export default ts.config(
  { ignores: ['**/dist/', 'cli/bundle/', '**/node_modules/', '.muster-fleet/', 'out/'] },
  js.configs.recommended,
  ts.configs.strictTypeChecked,
  ts.configs.stylisticTypeChecked,
  svelte.configs.recommended,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['eslint.config.js'] },
        extraFileExtensions: ['.svelte'],
      },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser }, globals: globals.browser },
    // State is held in `$state.raw` and replaced as a whole, so its sets and maps need not be reactive themselves.
    rules: { 'svelte/prefer-svelte-reactivity': 'off' },
  },
  {
    // ESLint does not know the types of a component's properties and takes them for `any`; svelte-check knows them and checks.
    files: ['**/*.svelte'],
    rules: {
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  ...restrictedImports,
  {
    files: ['**/*.{js,mjs,cjs}'],
    extends: [ts.configs.disableTypeChecked],
    languageOptions: { globals: globals.node },
  },
);
