/** The built dashboard in a real browser, against the server named by PACESETTER_URL. */

import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { launch } from './browser.mjs';
import { away, base, closeOpened, cutOff, findSubject, holdUpInEveryLook, hurryTo, visit } from './visit.mjs';

let browser;

before(async () => (browser = await launch()));
after(() => browser.close());
afterEach(() => closeOpened(browser));

const { board, members, symbol } = await findSubject();
const PAGES = {
  home: '/',
  board: `/boards/${board}`,
  symbol: `/symbols/${symbol}`,
  compare: `/compare?symbols=${members.slice(0, 3).join(',')}&board=${board}`,
  'compare-none': '/compare',
};

holdUpInEveryLook(() => browser, PAGES);

test('what a board shows is in its address', async () => {
  const { page } = await visit(browser, '/boards/ai-tech');
  await page.getByRole('button', { name: 'Score' }).click();
  await page.getByRole('searchbox').fill('a');
  await page.waitForURL(/q=a/);
  assert.match(page.url(), /sort=-score/);
  const { page: other } = await visit(browser, page.url().slice(base.length));
  const rows = await other.locator('.board a[data-row]').allTextContents();
  assert.ok(rows.length > 0);
  const shown = (wanted) => [...document.querySelectorAll('.board a[data-row]')].map((one) => one.textContent).join('\n') === wanted;
  await page.waitForFunction(shown, rows.join('\n'));
  assert.equal(await other.getByRole('searchbox').inputValue(), 'a');
});

test('j, k, Enter, / and ? do what the list of keys says', async () => {
  const { page } = await visit(browser, '/boards/ai-tech');
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('data-row'));
  const rows = await page.locator('.board a[data-row]').allTextContents();
  await page.keyboard.press('j');
  assert.equal(await focused(), rows[0]);
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('k');
  assert.equal(await focused(), rows[1]);
  await page.keyboard.press('/');
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('type')), 'search');
  await page.keyboard.type('j'); // typed, not obeyed
  assert.equal(await page.getByRole('searchbox').inputValue(), 'j');
  await page.getByRole('searchbox').fill('');
  await page.locator('main').focus();
  await page.keyboard.press('?');
  await page.getByRole('dialog').getByText('Next row').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.waitForURL(/symbols/);
});

test('Ctrl-K finds a symbol', async () => {
  const { page } = await visit(browser, '/');
  await page.keyboard.press('Control+k');
  await page.getByPlaceholder('Board or symbol').fill('tsla');
  await page.getByRole('dialog').getByText('TSLA', { exact: true }).first().waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(/symbols\/TSLA/);
});

test('the choice of colours is kept', async () => {
  const { page } = await visit(browser, '/');
  await page.getByRole('button', { name: /^Colours/ }).click();
  await page.reload();
  await page.locator('html[data-mantine-color-scheme=dark]').waitFor();
});

test('why a symbol is where it is, by keyboard', async () => {
  const { page } = await visit(browser, '/boards/ai-tech');
  await page.getByRole('button', { name: /^Why/ }).first().press('Enter');
  await page.getByRole('dialog').getByText('composite').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
});

test('an unknown board says what, and what there is', async () => {
  const { page } = await visit(browser, '/boards/nothing');
  await page.getByRole('alert').getByText(/known: .*AI\/Tech/).waitFor();
});

test('a server that goes away is said, and what was there stays', async () => {
  const { page } = await visit(browser, '/boards/ai-tech');
  await cutOff(page);
  await page.getByRole('link', { name: /^EV/ }).first().click();
  await hurryTo(page, away(page));
  await page.unroute('**/api/**');
  await hurryTo(page, page.locator('.board a[data-row]').first()); // by itself
});
