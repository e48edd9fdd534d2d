import { defineConfig, mergeConfig } from 'vitest/config';
import build from './vite.config';

// Apart from the build's: what is installed to run Pacesetter has no test tools.
export default mergeConfig(
  build,
  defineConfig({
    test: {
      environment: 'jsdom',
      include: ['src/**/*.test.{ts,tsx}'],
      setupFiles: ['src/test-setup.ts'],
      css: false,
      testTimeout: 180_000, // of a test that hangs: machines are slow, and shared
      hookTimeout: 180_000,
      // One jsdom for all files instead of one each, which costs ten times what the tests do. So that no file
      // comes to rely on another, their order is shuffled (a failure prints its seed), and stubs are taken back.
      isolate: false,
      sequence: { shuffle: { files: true } },
      unstubGlobals: true,
    },
  }),
);
