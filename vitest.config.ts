import { defineConfig } from 'vitest/config';

// Tests read the workspaces' sources; processes that tests start run the built `dist`.
const conditions = ['muster-source', 'node', 'import', 'module', 'default'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    // V8 of Node 24.9 now and then aborts while it frees compiled WebAssembly, of which the modules' lexer is.
    execArgv: ['--no-wasm-code-gc'],
    projects: [
      // The window's own configuration; what is in components needs a page that nobody else has used.
      {
        extends: './renderer/vitest.config.ts',
        root: 'renderer',
        test: {
          name: 'renderer',
          include: ['src/**/*.test.ts'],
          exclude: ['src/**/*.component.test.ts'],
          isolate: false,
        },
      },
      {
        extends: './renderer/vitest.config.ts',
        root: 'renderer',
        test: { name: 'components', include: ['src/**/*.component.test.ts'] },
      },
      {
        extends: true,
        test: {
          name: 'unit',
          include: [
            '{protocol,runtime,agent,client,electron,cli,broker-config,build}/src/**/*.test.ts',
            'test/{contract,faults,fuzz,shots}/**/*.test.ts',
          ],
          // Deadlines, not expectations: a busy machine is slow, and no test asserts a time.
          testTimeout: 300_000,
          hookTimeout: 300_000,
          // Loading the modules anew for each file takes longer than the tests.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['test/{integration,fleet}/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          fileParallelism: false,
          isolate: false,
        },
      },
      {
        extends: true,
        // Needs Debian's PuppetDB: `npm run test:puppet`, never part of `npm test`.
        test: { name: 'puppet', include: ['test/puppet/**/*.test.ts'], testTimeout: 60_000 },
      },
    ],
  },
});
