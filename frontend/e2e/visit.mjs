/** Pages of the server named by PACESETTER_URL, and what is held against every one of them. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import { launch, openPage } from './browser.mjs';

export const base = process.env.PACESETTER_URL ?? 'http://127.0.0.1:8000';
export const LOOKS = { desktop: {}, phone: { size: 'phone' }, dark: { colorScheme: 'dark' } };
const shots = process.env.PACESETTER_SHOTS; // a folder to put pictures into
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** A page of the server, whole: nothing is asked for any more, nothing waits. */
export async function arrive({ page, complaints }, path) {
  complaints.length = 0;
  await page.goto(base + path);
  await page.waitForSelector('main h1');
  await page.waitForLoadState('networkidle');
  await page.waitForFunction(() => !document.querySelector('main .waiting'), null, { timeout: 60_000 });
}

export async function visit(browser, path, look = {}) {
  const opened = await openPage(browser, look);
  await arrive(opened, path);
  return opened;
}

/** From here on no answer comes; the page's clock can be put on. */
export async function cutOff(page) {
  await page.clock.install();
  await page.route('**/api/**', (route) => route.abort());
}

/** Let a page's time go by quicker than ours until something is there: what is tried again is tried at once. */
export async function hurryTo(page, awaited) {
  for (let i = 0; i < 100 && !(await awaited.isVisible()); i += 1) await page.clock.fastForward(1000);
  await awaited.waitFor();
}

export const away = (page) => page.getByRole('alert').getByText('could not be reached').first();

export async function ask(path) {
  const answer = await fetch(base + path);
  assert.ok(answer.ok, `${path}: ${answer.status}`);
  return answer.json();
}

/** No complaint in the console, nothing wider than the window, no violation that axe finds, and the market is named. */
export async function holdUp({ page, complaints }, name) {
  await page.evaluate(axe); // through the debugger: the page's own policy would refuse it
  const [violations, passes] = await page.evaluate(async (rules) => {
    const found = await globalThis.axe.run(document, { runOnly: rules, resultTypes: ['violations'] }); // each node of these only
    return [found.violations.map((v) => [v.id, v.nodes.map((n) => n.html)]), found.passes.length];
  }, RULES);
  if (shots) await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true });
  assert.deepEqual(violations, []);
  assert.ok(passes > 10);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  const { simulated } = await ask('/api/v1/health/ready');
  assert.equal(await page.getByText('SIMULATED', { exact: true }).isVisible(), simulated);
  assert.deepEqual(complaints, []);
}

/**
 * Every page (its name, and its path or what gives it once all is prepared) in every look, as somebody who has logged in, if
 * `state` gives their cookies. One window a look goes through all pages: scripts are loaded once, as by somebody who
 * works. The looks of a page come side by side; the browser is apart from the others'.
 */
export function holdUpInEveryLook(pages, state = () => undefined) {
  describe('every page in every look', () => {
    const windows = {};
    let browser;
    before(async () => {
      browser = await launch();
      for (const [look, options] of Object.entries(LOOKS)) windows[look] = await openPage(browser, { ...options, storageState: state() });
    });
    after(() => browser.close());
    for (const [name, path] of Object.entries(pages)) {
      describe(name, { concurrency: true }, () => {
        for (const look of Object.keys(LOOKS)) {
          test(`${name}, ${look}: no complaint, nothing wider than the window, accessible`, async () => {
            await arrive(windows[look], typeof path === 'string' ? path : path());
            await holdUp(windows[look], `${name}-${look}`);
          });
        }
      });
    }
  });
}

/** The largest board, and a symbol on it that moved. */
export async function findSubject() {
  const { domains } = await ask('/api/v1/domains');
  const [board] = domains.toSorted((a, b) => b.members.length - a.members.length);
  const { rows } = await ask(`/api/v1/changes?board=${board.slug}&top=1`);
  return { board: board.slug, members: board.members, symbol: rows[0]?.symbol ?? board.members[0] };
}
