/** Pages of the server named by PACESETTER_URL, and what is held against every one of them. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import { openPage } from './browser.mjs';

export const base = process.env.PACESETTER_URL ?? 'http://127.0.0.1:8000';
const shots = process.env.PACESETTER_SHOTS; // a folder to put pictures into
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] };
const OF_COLOURS = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] }; // those of them that other colours can break

/** A page of the server, whole: nothing is asked for any more, nothing waits. */
export async function arrive(opened, path) {
  opened.complaints.length = 0;
  opened.asked.clear(); // of the page before, whose requests may never end
  await opened.page.goto(base + path);
  await opened.page.waitForSelector('main h1');
  await settle(opened);
}

/** Wait until all that the page asked for is there and shown, and the page has nothing more to do: however long that takes. */
export async function settle({ page, asked }) {
  for (let quiet = 0; quiet < 2; ) {
    await page.waitForFunction(() => !document.querySelector('main .waiting'));
    await page.evaluate(() => new Promise((done) => setTimeout(() => requestIdleCallback(done), 100))); // behind its own timers
    quiet = asked.size === 0 ? quiet + 1 : 0;
  }
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

/** No complaint in the console, nothing wider than the window, no violation of the rules that axe finds, and the market is named. */
export async function holdUp({ page, complaints }, name, rules = RULES) {
  await page.waitForFunction(() => document.getAnimations().every((one) => one.playState !== 'running' || one.effect?.getTiming().iterations === Infinity));
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe); // through the debugger: the page's own policy would refuse it
  const [violations, passes] = await page.evaluate(async (rules) => {
    const found = await globalThis.axe.run(document, { runOnly: rules, resultTypes: ['violations'] }); // each node of these only
    return [found.violations.map((v) => [v.id, v.nodes.map((n) => n.html)]), found.passes.length];
  }, rules);
  if (shots) await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true });
  assert.deepEqual(violations, []);
  assert.ok(passes > (rules === RULES ? 10 : 0));
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  const { simulated } = await ask('/api/v1/health/ready');
  assert.equal(await page.getByText('SIMULATED', { exact: true }).isVisible(), simulated);
  assert.deepEqual(complaints, []);
}

/**
 * Every page (its name, and its path or what gives it once all is prepared) in every look, as somebody who has logged in, if
 * `state` gives their cookies. One window a size goes through all pages: scripts are loaded once, as by somebody who
 * works. The sizes of a page come side by side; dark is the same page after its colours were changed under it.
 */
export function holdUpInEveryLook(browser, pages, state = () => undefined) {
  describe('every page in every look', () => {
    const windows = {};
    before(async () => {
      for (const size of ['desktop', 'phone']) {
        windows[size] = await openPage(browser(), { size, storageState: state() });
        kept.add(windows[size].page.context());
      }
    });
    after(() => Promise.all(Object.values(windows).map(({ page }) => page.context().close())));
    for (const [name, path] of Object.entries(pages)) {
      const arriveIn = (opened) => arrive(opened, typeof path === 'string' ? path : path());
      describe(name, { concurrency: true }, () => {
        test(`${name}, desktop and dark: no complaint, nothing wider than the window, accessible`, async () => {
          const { page } = windows.desktop;
          await page.emulateMedia({ colorScheme: 'light' });
          await arriveIn(windows.desktop);
          await holdUp(windows.desktop, `${name}-desktop`);
          await page.emulateMedia({ colorScheme: 'dark' });
          await page.locator('html[data-mantine-color-scheme=dark]').waitFor();
          await holdUp(windows.desktop, `${name}-dark`, OF_COLOURS);
        });
        test(`${name}, phone: no complaint, nothing wider than the window, accessible`, async () => {
          await arriveIn(windows.phone);
          await holdUp(windows.phone, `${name}-phone`);
        });
      });
    }
  });
}

const kept = new Set(); // the windows that go through all pages

/** After each test: what it opened is closed. */
export const closeOpened = (browser) => Promise.all(browser.contexts().filter((one) => !kept.has(one)).map((one) => one.close()));

/** The largest board, and a symbol on it that moved. */
export async function findSubject() {
  const { domains } = await ask('/api/v1/domains');
  const [board] = domains.toSorted((a, b) => b.members.length - a.members.length);
  const { rows } = await ask(`/api/v1/changes?board=${board.slug}&top=1`);
  return { board: board.slug, members: board.members, symbol: rows[0]?.symbol ?? board.members[0] };
}
