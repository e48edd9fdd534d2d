import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const server = process.env.PACESETTER_URL ?? 'http://127.0.0.1:8000';

// Small pieces that most pages share come in two files: packed one by one they are larger.
const MARKS = /\/src\/(ui\/(diverging|held-mark|hidden|rank-change|rank-range|score-bar|session-picker|trend-arrow|use-title)|lib\/(csv|sorting|tickers)|api\/known-symbols)\.tsx?$/;
const FIELDS = /\/@mantine\/core\/esm\/components\/(Checkbox|CloseButton|InlineInput|Input|InputBase|TextInput)\//;

/** Beside each script and style its bytes as Brotli and gzip have them: the server sends those, and packs nothing itself. */
const pack = (): Plugin => ({
  name: 'pack',
  apply: 'build',
  writeBundle({ dir = '' }, bundle) {
    for (const [name, file] of Object.entries(bundle).filter(([name]) => /\.(js|css)$/.test(name))) {
      const plain = Buffer.from(file.type === 'chunk' ? file.code : file.source);
      writeFileSync(join(dir, `${name}.br`), brotliCompressSync(plain));
      writeFileSync(join(dir, `${name}.gz`), gzipSync(plain, { level: 9 }));
    }
  },
});

export default defineConfig({
  plugins: [react(), pack()],
  resolve: { alias: { '@': here('src') } },
  // The server puts a fresh nonce in its place on every answer: styles that Mantine writes are allowed by it.
  html: { cspNonce: '__CSP_NONCE__' },
  server: { proxy: { '/api': server } },
  build: {
    outDir: here('../src/pacesetter/web/dashboard'),
    emptyOutDir: true,
    assetsInlineLimit: 0, // nothing as data:, the policy knows only files
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      output: { codeSplitting: { groups: [{ name: 'marks', test: MARKS }, { name: 'fields', test: FIELDS }] } },
    },
  },
});
