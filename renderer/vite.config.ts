import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defaultClientConditions, defineConfig } from 'vite';

export default defineConfig({
  // Relative addresses: the same files are served from a loopback port and from Electron's own scheme.
  base: './',
  plugins: [svelte()],
  resolve: { conditions: ['muster-source', ...defaultClientConditions] },
  build: {
    target: 'chrome140',
    outDir: 'dist',
    emptyOutDir: true,
    // The window's content security policy allows no data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1500,
  },
});
