/** What is measured of symbols: exposures, the screener, the batch that makes both, and symbols that are asked for. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, afterEach, before, describe, test } from 'node:test';
import { launch } from './browser.mjs';
import { logIn, visitAs } from './owner.mjs';
import { away, base, closeOpened, cutOff, holdUp, holdUpInEveryLook, hurryTo } from './visit.mjs';

const name = process.env.PACESETTER_USER; // an owner of a server whose batch is done
const password = process.env.PACESETTER_PASSWORD;
const mark = String(Date.now()).slice(-5); // so that it can be run again on the same server
const SYMBOL = 'NVDA';
const MANY = 5_000;
const PAGES = {
  exposures: `/symbols/${SYMBOL}?factor=momentum`,
  screener: '/screener',
  'screener-filtered': '/screener?sort=-market_beta&where=market_beta:0..,return_1d:-90..&cols=symbol,price,return_1m,momentum,size,data_quality,rate_beta,low_volatility',
  batch: '/jobs?show=batch',
  onboarding: '/onboarding?symbols=NVDA',
};

describe('what is measured of symbols', { skip: name ? false : 'PACESETTER_USER and PACESETTER_PASSWORD are not set' }, () => {
  let browser;
  let owner;
  before(async () => {
    browser = await launch();
    owner = await logIn(browser, { name, password });
  });
  after(() => browser.close());
  afterEach(() => closeOpened(browser));

  const visit = (path) => visitAs(browser, owner, path);
  const ask = async (page, path) => (await page.context().request.get(base + path)).json();

  holdUpInEveryLook(() => browser, PAGES, () => owner);

  test('every exposure is there as the API has it, with how it is computed', async () => {
    const opened = await visit(`/symbols/${SYMBOL}`);
    const { page } = opened;
    const { rows } = await ask(page, `/api/v1/exposures/${SYMBOL}`);
    const card = page.locator('[aria-labelledby=exposures]');
    await card.locator('.exposures').waitFor();
    assert.equal(rows.length, 12);
    for (const row of rows) {
      const said = `${row.beta < 0 ? '−' : '+'}${Math.abs(row.beta).toFixed(2)} ± ${row.se.toFixed(2)}`;
      assert.ok((await card.getByRole('row').filter({ has: page.getByRole('rowheader', { name: row.label, exact: true }) }).first().innerText()).includes(said), `${row.label}: ${said}`);
    }
    await card.getByText('How it is computed').press('Enter');
    await card.getByText('ridge, all six together, λ = 1').first().waitFor();
    await card.getByText('VUG − VTV').waitFor();
    await holdUp(opened, 'exposures-method');
  });

  test('a factor is followed over time, by keyboard, in the address', async () => {
    const { page } = await visit(`/symbols/${SYMBOL}?over=3m`);
    const card = page.locator('[aria-labelledby=exposures]');
    await card.locator('canvas').first().waitFor();
    await card.getByRole('combobox', { name: 'Factor that is followed' }).selectOption('size_spread');
    await page.waitForURL(/factor=size_spread/);
    const { rows } = await ask(page, `/api/v1/exposures/${SYMBOL}?factor=size_spread`);
    const [{ beta }] = rows;
    const label = new RegExp(`^Exposure to Small companies less market on \\d+ sessions: .* to ${beta < 0 ? '−' : '\\+'}${Math.abs(beta).toFixed(2)} on`);
    await card.getByRole('img', { name: label }).waitFor();
    await card.getByText('Every session as a table').press('Enter');
    await card.locator('.history tbody tr').nth(20).waitFor();
  });

  test('the screener: sorted, filtered, chosen columns; all in its address and in its file', async () => {
    const opened = await visit('/screener');
    const { page } = opened;
    const { rows, count } = await ask(page, '/api/v1/daily-metrics?limit=1000&sort=-return_1y');
    assert.ok(count > 50);
    await page.getByRole('status').getByText(`${count} symbols`).waitFor();
    await page.getByRole('button', { name: '1 year' }).press('Enter');
    await page.waitForURL(/sort=-return_1y/);
    const shown = async (where) => (await where.locator('.board a[data-row]').allInnerTexts()).slice(0, 8); // of those in sight
    const best = rows.filter((row) => row.return_1y !== null).map((row) => row.symbol);
    await page.waitForFunction((first) => document.querySelector('.board a[data-row]')?.dataset.row === first, best[0]);
    assert.deepEqual(await shown(page), best.slice(0, 8));

    await page.getByRole('button', { name: 'Filters' }).press('Enter');
    await page.getByLabel('One more figure').selectOption('return_1y');
    await page.getByRole('group', { name: '1 year, %' }).getByLabel('from').fill('10');
    await page.waitForURL(/where=return_1y%3A10\.\./);
    await page.keyboard.press('Escape');
    const left = rows.filter((row) => row.return_1y !== null && row.return_1y >= 0.1).length;
    await page.getByRole('status').getByText(`${left} of ${count} symbols · 1 year from 10 %`).waitFor();

    await page.getByRole('button', { name: 'Columns' }).press('Enter');
    await page.getByRole('checkbox', { name: 'Momentum' }).press('Space');
    await page.waitForURL(/cols=[^&]*momentum/);
    await page.keyboard.press('Escape');
    await page.getByRole('columnheader', { name: 'Momentum' }).waitFor();
    await holdUp(opened, 'screener-used');

    const { page: other } = await visit(page.url().slice(base.length));
    await other.getByRole('status').getByText(`${left} of ${count} symbols`).waitFor();
    assert.deepEqual(await shown(other), await shown(page));
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download CSV' }).click()]);
    const [head, first, ...rest] = readFileSync(await download.path(), 'utf8').trim().split('\r\n');
    assert.ok(head.includes('return_1y') && head.includes('low_volatility'));
    assert.ok(first.startsWith(best[0]) && first.includes(String(rows[0].return_1y)), 'in full');
    assert.equal(rest.length, left - 1);
  });

  test(`${MANY} symbols: all there, only those in sight in the page, found at once`, async () => {
    const { page, complaints } = await visit('/screener');
    const { rows: [model], ...rest } = await ask(page, '/api/v1/daily-metrics?limit=1');
    const rows = Array.from({ length: MANY }, (_, i) => ({ ...model, symbol: `S${i}`, name: `Symbol number ${i}`, price: i + 1 }));
    await page.route('**/api/v1/daily-metrics?**', (route) => {
      const query = new URL(route.request().url()).searchParams;
      const from = Number(query.get('cursor') ?? 0);
      const to = Math.min(from + Number(query.get('limit')), MANY);
      const body = JSON.stringify({ ...rest, count: MANY, next: to < MANY ? String(to) : null, rows: rows.slice(from, to) });
      return route.fulfill({ contentType: 'application/json', body });
    });
    await page.goto(`${base}/screener?sort=-price`);
    await page.getByRole('status').getByText(new RegExp(`^${MANY.toLocaleString('en-GB')} symbols$`)).waitFor();
    assert.equal(await page.locator('.board a[data-row]').first().innerText(), `S${MANY - 1}`);
    assert.ok((await page.locator('.board tbody tr').count()) < 80);
    await page.getByRole('searchbox').fill('number 4876');
    await page.getByRole('status').getByText(`1 of ${MANY.toLocaleString('en-GB')} symbols`).waitFor();
    assert.deepEqual(complaints, []);
  });

  test('the screener by keyboard: j, k, Enter, /', async () => {
    const { page } = await visit('/screener');
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('data-row'));
    const [one, two] = await page.locator('.board a[data-row]').allInnerTexts();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    assert.equal(await focused(), two);
    await page.keyboard.press('k');
    assert.equal(await focused(), one);
    await page.keyboard.press('/');
    await page.keyboard.type(SYMBOL.toLowerCase());
    await page.waitForURL(new RegExp(`q=${SYMBOL.toLowerCase()}`));
    await page.locator('main').focus();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForURL(new RegExp(`symbols/${SYMBOL}`));
    await page.getByRole('heading', { name: 'The day’s figures' }).waitFor();
    await page.locator('.tiles .change').first().waitFor();
  });

  test('the batch: every phase, and who was left out of it', async () => {
    const { page } = await visit('/jobs?show=batch');
    const { rows } = await ask(page, '/api/v1/batch');
    const [day] = rows;
    assert.equal(await page.getByRole('list', { name: /^Phases of/ }).first().locator('> li').count(), day.phases.length);
    const phase = day.phases.find((one) => one.problems.length);
    await page.getByText(`${phase.problems[0].count} left out: ${phase.problems[0].because}`).first().press('Enter');
    await page.getByRole('link', { name: phase.problems[0].symbols[0], exact: true }).first().waitFor();
  });

  test('a batch is started like other work', async () => {
    const { page, complaints } = await visit('/jobs');
    await page.getByRole('combobox', { name: 'Work' }).selectOption('batch');
    await page.getByRole('button', { name: 'Start' }).press('Enter');
    const past = page.getByRole('region', { name: 'Past jobs' });
    await past.getByText('Batch of symbols').first().waitFor();
    assert.deepEqual(complaints, []);
  });

  test('symbols are asked for: bad ones named, the cause of a failure and what mends it, and again', async () => {
    const opened = await visit('/onboarding');
    const { page } = opened;
    const field = page.getByLabel('Symbols', { exact: true });
    await field.fill(`Symbol,Weight\nZZ${mark},1\n<bad>,2\n${SYMBOL},3`);
    await page.getByText('Cannot be a symbol: <BAD>').waitFor();
    await page.getByText(`Known already: ${SYMBOL}`).waitFor();
    assert.ok(await page.getByRole('button', { name: 'Ask for 2 symbols' }).isDisabled());
    await field.fill(`ZZ${mark} ${SYMBOL}`);
    await page.getByRole('button', { name: 'Ask for 2 symbols' }).press('Enter');
    await page.getByText(/^✓ 2 symbols: /).waitFor();
    const row = page.getByRole('list', { name: 'Symbols that were asked for' }).getByRole('listitem').filter({ hasText: `ZZ${mark}` }).first();
    await row.getByText('It waits, because').waitFor(); // this server asks no source of prices
    await row.getByText('What mends it:').waitFor();
    await page.getByRole('radio', { name: 'Failed' }).press('Space');
    await page.waitForURL(/status=failed/);
    const gone = page.getByRole('listitem').filter({ hasText: 'GONEX' }).first();
    await gone.locator('.state.bad').waitFor();
    await gone.getByText('What mends it:').waitFor();
    await holdUp(opened, 'onboarding-failed');
    await Promise.all([
      page.waitForRequest((request) => request.method() === 'POST' && request.url().endsWith('/onboarding')),
      gone.getByRole('button', { name: 'Try again: GONEX' }).press('Enter'),
    ]);
  });

  test('Ctrl-K leads to asking for what is not known; so does its page', async () => {
    const { page } = await visit('/');
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder('Board or symbol').fill(`qq${mark}`);
    await page.getByText(`Ask for QQ${mark}`).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(new RegExp(`onboarding\\?symbols=QQ${mark}`));
    assert.equal(await page.getByLabel('Symbols', { exact: true }).inputValue(), `QQ${mark}`);
    await page.goto(`${base}/symbols/QQ${mark}`);
    await page.getByRole('link', { name: `Ask for QQ${mark}` }).click();
    await page.waitForURL(/onboarding/);
    await page.goto(`${base}/symbols/TLT`); // known, and on no board
    await page.getByRole('heading', { name: 'Not ranked on any board' }).waitFor();
    await page.locator('.exposures').waitFor();
  });

  test('a viewer may look, and is told why not to ask', async () => {
    const who = { name: `looker-${mark}`, password: 'only looks at things' };
    const { page: own } = await visit('/settings');
    await own.getByLabel('Name', { exact: true }).fill(who.name);
    await own.getByLabel('Password (may stay empty)').fill(who.password);
    await own.getByRole('button', { name: 'Add', exact: true }).click();
    await own.getByText(`${who.name} may come in as viewer`).waitFor();
    const { page } = await visitAs(browser, await logIn(browser, who), `/onboarding?symbols=ZZ${mark}`);
    await page.getByText('Asking is not for you.').waitFor();
    assert.equal(await page.getByRole('button', { name: `Ask for ZZ${mark}` }).getAttribute('aria-disabled'), 'true');
  });

  test('the pages say when the server is away', async () => {
    const { page } = await visit('/');
    await cutOff(page);
    for (const place of ['Screener', 'Add symbols']) {
      await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: place }).click();
      await page.getByRole('heading', { level: 1, name: place }).waitFor();
      await hurryTo(page, away(page));
    }
  });
});
