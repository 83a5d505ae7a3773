import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

// State classes run as they do in the window, so Svelte's client build is the one to test.
const conditions = ['muster-source', 'browser', 'import', 'module', 'default'];

export default defineConfig({
  plugins: [svelte()],
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  // A deadline, not an expectation: a busy machine is slow, and no test asserts a time.
  test: {
    testTimeout: 300_000,
    // Libraries that ship components as they were written.
    server: {
      deps: { inline: [/@lucide\/svelte/, /@testing-library\/svelte/, /bits-ui/, /svelte-toolbelt/, /runed/] },
    },
  },
});
