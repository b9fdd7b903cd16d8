import { defineConfig } from 'vite';

// The bundle is committed where the server embeds it, so that the server builds without Node.
export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: '../NextUp.Server/Pages/dist',
    emptyOutDir: true,
    target: 'es2022',
    // The page's policy is default-src 'self': nothing may become a data: address or an inline script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // A page for each role, so that nobody loads what they do not see.
    rolldownOptions: { input: ['index.html', 'operations.html', 'exams.html'] },
  },
});
