/** A headless browser for the tests: the one that an npm package carries. */

import pack from '@sparticuz/chromium';
import { chromium } from 'playwright-core';

export const SIZES = { desktop: { width: 1280, height: 820 }, phone: { width: 390, height: 844 } };

// The package's own are meant for one page in a cloud function: one process, no same-origin policy, a graphics card in software.
const UNWANTED = /^--(single-process|no-zygote|disable-web-security|allow-running-insecure-content|in-process-gpu|use-gl|use-angle|.*swiftshader|ignore-gpu-blocklist)/;

export async function launch() {
  const args = [...pack.args.filter((arg) => !UNWANTED.test(arg)), '--disable-gpu', '--disable-software-rasterizer'];
  return chromium.launch({ executablePath: await pack.executablePath(), args, headless: true });
}

/** A page whose complaints (console errors, refused loads, uncaught errors) are collected. */
export async function openPage(browser, { size = 'desktop', colorScheme = 'light', ...more } = {}) {
  const context = await browser.newContext({ viewport: SIZES[size], colorScheme, hasTouch: size === 'phone', ...more });
  const page = await context.newPage();
  const complaints = [];
  page.on('console', (said) => ['error', 'warning'].includes(said.type()) && complaints.push(said.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  return { page, complaints };
}
