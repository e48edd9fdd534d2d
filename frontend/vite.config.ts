import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const server = process.env.PACESETTER_URL ?? 'http://127.0.0.1:8000';

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '@': here('src') } },
  // The server puts a fresh nonce in its place on every answer: styles that Mantine writes are allowed by it.
  html: { cspNonce: '__CSP_NONCE__' },
  server: { proxy: { '/api': server } },
  build: {
    outDir: here('../src/pacesetter/web/dashboard'),
    emptyOutDir: true,
    assetsInlineLimit: 0, // nothing as data:, the policy knows only files
    chunkSizeWarningLimit: 700,
  },
});
