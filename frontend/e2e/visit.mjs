/** Pages of the server named by PACESETTER_URL, and what is held against every one of them. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { openPage } from './browser.mjs';

export const base = process.env.PACESETTER_URL ?? 'http://127.0.0.1:8000';
export const LOOKS = { desktop: {}, phone: { size: 'phone' }, dark: { colorScheme: 'dark' } };
const shots = process.env.PACESETTER_SHOTS; // a folder to put pictures into
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

export async function visit(browser, path, look = {}) {
  const opened = await openPage(browser, look);
  await opened.page.goto(base + path);
  await opened.page.waitForSelector('main h1');
  await opened.page.waitForLoadState('networkidle');
  return opened;
}

export async function ask(path) {
  const answer = await fetch(base + path);
  assert.ok(answer.ok, `${path}: ${answer.status}`);
  return answer.json();
}

/** No complaint in the console, nothing wider than the window, no violation that axe finds, and the market is named. */
export async function holdUp({ page, complaints }, name) {
  await page.evaluate(axe); // through the debugger: the page's own policy would refuse it
  const found = await page.evaluate((rules) => globalThis.axe.run(document, { runOnly: rules }), RULES);
  if (shots) await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true });
  assert.deepEqual(found.violations.map((v) => [v.id, v.nodes.map((n) => n.html)]), []);
  assert.ok(found.passes.length > 10);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  const { simulated } = await ask('/api/v1/health/ready');
  assert.equal(await page.getByText('SIMULATED', { exact: true }).isVisible(), simulated);
  assert.deepEqual(complaints, []);
}

/** The largest board, and a symbol on it that moved. */
export async function findSubject() {
  const { domains } = await ask('/api/v1/domains');
  const [board] = domains.toSorted((a, b) => b.members.length - a.members.length);
  const { rows } = await ask(`/api/v1/changes?board=${board.slug}&top=1`);
  return { board: board.slug, members: board.members, symbol: rows[0]?.symbol ?? board.members[0] };
}
