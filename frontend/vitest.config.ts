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
    },
  }),
);
