/** The page of a symbol, and several side by side. */

import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { launch, openPage } from './browser.mjs';
import { ask, base, closeOpened, findSubject, holdUp, visit } from './visit.mjs';

const { board, members, symbol } = await findSubject();
const known = await ask(`/api/v1/symbols/${symbol}`);
const standing = known.boards.find((one) => one.slug === board);
let browser;

before(async () => (browser = await launch()));
after(() => browser.close());
afterEach(() => closeOpened(browser));

test('prices: every span, by keyboard, kept in the address', async () => {
  const opened = await visit(browser, `/symbols/${symbol}?board=${board}`);
  const { page } = opened;
  const chart = page.locator('[aria-labelledby=prices] [role=img]');
  const sessions = async () => Number((await chart.getAttribute('aria-label')).match(/Closes of ([\d,]+) session/)[1].replaceAll(',', ''));
  await page.locator('[aria-labelledby=prices] canvas').first().waitFor();
  const seen = [];
  for (const span of ['1M', '3M', '1Y', '5Y', 'All']) {
    await page.locator('[aria-labelledby=prices]').getByRole('radio', { name: span }).press('Space');
    await page.waitForURL(new RegExp(`span=${span.toLowerCase()}`));
    await page.locator('[aria-labelledby=prices]').getByRole('radio', { name: span, checked: true }).waitFor({ state: 'attached' }); // shown, too
    seen.push(await sessions());
  }
  assert.deepEqual(seen, seen.toSorted((a, b) => a - b), 'a longer span has no fewer sessions');
  assert.ok(seen[0] < seen[2]);
  await holdUp(opened, 'symbol-all');
});

test('a figure opens its evidence, and what is there adds up', async () => {
  const opened = await visit(browser, `/symbols/${symbol}?board=${board}`, { reducedMotion: 'no-preference' });
  const { page } = opened;
  const [name, factor] = Object.entries(standing.row.factors).find(([, one]) => !one.missing_reason);
  const declared = standing.factors[name];
  await page.locator('.evident').getByRole('button', { name: /\d/ }).first().press('Enter');
  const sheet = page.getByRole('dialog');
  await sheet.getByText(declared.formula).waitFor();
  await sheet.getByText(factor.raw.toFixed(6).replace('-', '−')).waitFor();
  await sheet.getByText('fetched', { exact: true }).waitFor();
  const text = await sheet.innerText();
  assert.match(text, /\(raw − centre\) \/ spread/);
  assert.match(text, /weight × z/);
  await holdUp(opened, 'evidence');
  await page.keyboard.press('Escape');
  await sheet.waitFor({ state: 'detached' });
  await page.locator('.standing').getByRole('button').first().press('Enter');
  await page.getByRole('dialog').getByText(/rank = 1/).waitFor();
});

test('the waterfall: its shares are the change of the rank', async () => {
  const { change } = await ask(`/api/v1/changes/${symbol}?board=${board}`);
  const { page } = await visit(browser, `/symbols/${symbol}?board=${board}`);
  const shares = await page.locator('.waterfall tbody tr:not(.end) td.number').allInnerTexts();
  const sum = shares.reduce((all, text) => all + Number(text.replace('−', '-')), 0);
  assert.ok(Math.abs(sum - change.rank_change) < 0.01 * (shares.length + 1), `${shares} are not ${change.rank_change}`);
  await page.getByRole('radio', { name: 'Composite' }).press('Space');
  await page.getByRole('radio', { name: 'Composite', checked: true }).waitFor({ state: 'attached' });
  const parts = await page.locator('.waterfall tbody tr:not(.end) td.number').allInnerTexts();
  const total = parts.reduce((all, text) => all + Number(text.replace('−', '-')), 0);
  assert.ok(Math.abs(total - change.composite_change) < 0.0001 * (parts.length + 1));
});

test('another pair of sessions is explained, and is in the address', async () => {
  const { rows } = await ask(`/api/v1/history/${symbol}?board=${board}&limit=3`);
  const { page } = await visit(browser, `/symbols/${symbol}?board=${board}`);
  await page.getByLabel('from', { exact: true }).fill(rows[2].date);
  await page.waitForURL(new RegExp(`from=${rows[2].date}`));
  const answer = await ask(`/api/v1/changes/${symbol}?board=${board}&from=${rows[2].date}&to=${rows[0].date}`);
  const { rank_before: before, rank_after: now } = answer.change;
  await page.locator('.change-part').getByText(`#${before} → #${now}`).waitFor();
});

test('symbols are compared, one more is added and one removed by keyboard', async () => {
  const [one, other, third] = members;
  const opened = await visit(browser, `/compare?symbols=${one},${other}&board=${board}`);
  const { page } = opened;
  await page.locator('canvas').first().waitFor();
  await page.keyboard.press('a');
  await page.waitForFunction(() => document.activeElement?.tagName === 'INPUT');
  await page.keyboard.type(third);
  await page.keyboard.press('Enter');
  await page.waitForURL(new RegExp(`symbols=${one},${other},${third.replace('.', '\\.')}`));
  await page.getByRole('columnheader', { name: third, exact: true }).waitFor();
  for (const show of ['Score', 'Rank']) {
    await page.getByRole('radio', { name: show }).press('Space');
    await page.waitForURL(new RegExp(`show=${show.toLowerCase()}`));
    await page.getByRole('img', { name: /^At the end/ }).waitFor();
  }
  await page.getByRole('button', { name: `Remove ${other}` }).press('Enter');
  await page.waitForURL(new RegExp(`symbols=${one},${third.replace('.', '\\.')}`));
  await holdUp(opened, 'compared');
});

test('home leads to what moved', async () => {
  const { page } = await visit(browser, '/');
  const mover = page.locator('.mover-card a[data-row]').first();
  const name = await mover.innerText();
  await mover.press('Enter');
  await page.waitForURL(/symbols/);
  await page.getByRole('heading', { level: 1, name }).waitFor();
});

test('a symbol that nobody knows says so', async () => {
  const { page } = await openPage(browser);
  await page.goto(`${base}/symbols/NOBODY99`);
  await page.getByRole('alert').first().getByText(/NOBODY99/).first().waitFor();
});
