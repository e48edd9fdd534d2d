/** A headless browser for the tests: the one that an npm package carries. */

import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pack from '@sparticuz/chromium';
import { chromium } from 'playwright-core';

export const SIZES = { desktop: { width: 1280, height: 820 }, phone: { width: 390, height: 844 } };
const PATIENCE_MS = 180_000; // for all that is waited for: machines are slow, and shared

// The package's own are meant for one page in a cloud function: one process, no same-origin policy, a graphics card in software.
const UNWANTED = /^--(single-process|no-zygote|disable-web-security|allow-running-insecure-content|in-process-gpu|use-gl|use-angle|.*swiftshader|ignore-gpu-blocklist)/;

/**
 * Unpacked once for all runs. The package takes any file of its name for a whole one, also one that another process is
 * still writing, or that an older version left: so it unpacks into a folder of its own, which is put in place when done.
 */
async function unpack() {
  const { devDependencies } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const folder = join(tmpdir(), `pacesetter-chromium-${devDependencies['@sparticuz/chromium']}`);
  if (!existsSync(folder)) {
    const usual = process.env.TMPDIR;
    const own = mkdtempSync(`${folder}-`);
    process.env.TMPDIR = own;
    await pack.executablePath().finally(() => {
      if (usual === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = usual;
    });
    try {
      renameSync(own, folder);
    } catch (error) {
      rmSync(own, { recursive: true }); // another process was quicker
      if (!existsSync(folder)) throw error;
    }
  }
  return join(folder, 'chromium');
}

const unpacked = unpack();

export async function launch() {
  const args = [...pack.args.filter((arg) => !UNWANTED.test(arg)), '--disable-gpu', '--disable-software-rasterizer'];
  return chromium.launch({ executablePath: await unpacked, args, headless: true, timeout: PATIENCE_MS });
}

export async function openContext(browser, options) {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(PATIENCE_MS);
  return context;
}

/**
 * A page whose complaints (console errors, refused loads, uncaught errors) are collected, and what it has asked for and not got
 * yet. Without a graphics card each frame of a movement is drawn by the processor: a test that wants them says so.
 */
export async function openPage(browser, { size = 'desktop', colorScheme = 'light', ...more } = {}) {
  const context = await openContext(browser, { viewport: SIZES[size], colorScheme, hasTouch: size === 'phone', reducedMotion: 'reduce', ...more });
  const page = await context.newPage();
  const complaints = [];
  const asked = new Set();
  page.on('request', (request) => asked.add(request));
  for (const end of ['requestfinished', 'requestfailed']) page.on(end, (request) => asked.delete(request));
  page.on('console', (said) => ['error', 'warning'].includes(said.type()) && complaints.push(said.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  return { page, complaints, asked };
}
