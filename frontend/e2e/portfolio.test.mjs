/** Portfolios, from none to figures and back, by somebody logged in; and what a viewer may not. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, afterEach, before, describe, test } from 'node:test';
import { launch, openContext } from './browser.mjs';
import { logIn, visitAs } from './owner.mjs';
import { away, base, closeOpened, cutOff, holdUp, holdUpInEveryLook, hurryTo } from './visit.mjs';

const { PACESETTER_USER: name, PACESETTER_PASSWORD: password, PACESETTER_VIEWER: viewer, PACESETTER_VIEWER_PASSWORD: viewers } = process.env;
const mark = String(Date.now()).slice(-6); // so that it can be run again on the same server
const TABS = ['overview', 'holdings', 'risk', 'attribution', 'trades', 'imports'];
const HEAD = 'Symbol,Quantity,Entry Price Per Share,Entry Date,Exit Date,Exit Price Per Share';
const HELD = ['AAPL', 'NVDA', 'JPM', 'SPY', 'TLT'];

describe('portfolios', { skip: name ? false : 'PACESETTER_USER and PACESETTER_PASSWORD are not set' }, () => {
  let browser;
  let owner;
  let good; // a file of positions that were bought at true prices
  let made; // the portfolio of all pages below
  before(async () => {
    browser = await launch();
    owner = await logIn(browser, { name, password });
    const api = await openContext(browser, { storageState: owner });
    const { csrf_token: token } = await (await api.request.get(`${base}/api/v1/session`)).json();
    const headers = { 'X-CSRF-Token': token, Origin: base };
    const rows = [];
    for (const [i, symbol] of HELD.entries()) {
      const { rows: bars } = await (await api.request.get(`${base}/api/v1/symbols/${symbol}/prices?limit=300`)).json();
      const bar = bars[i * 20];
      rows.push(`${symbol},${symbol === 'JPM' ? -20 : 40},${bar.close.toFixed(2)},${bar.date},,`);
    }
    good = [HEAD, ...rows, ''].join('\n');
    const posted = await api.request.post(`${base}/api/v1/portfolios`, { data: { name: `Shown ${mark}` }, headers });
    made = (await posted.json()).id;
    const taken = await api.request.post(`${base}/api/v1/portfolios/${made}/imports?file_name=shown.csv`, {
      data: `${good}ZZZQ,10,12.50,2025-06-02,,\n`,
      headers: { ...headers, 'Content-Type': 'text/csv' },
    });
    assert.equal(taken.status(), 201, await taken.text());
    await api.close();
  });
  after(() => browser.close());
  afterEach(() => closeOpened(browser));

  const visit = (path, as = owner) => visitAs(browser, as, path);

  const tabs = TABS.map((tab) => [`portfolio-${tab}`, () => `/portfolios/${made}?tab=${tab}`]);
  const pages = {
    portfolios: '/portfolios',
    'portfolio-new': '/portfolios?edit=new',
    ...Object.fromEntries(tabs),
    'portfolio-return': () => `/portfolios/${made}?show=return&span=all`,
    'portfolio-pairs': () => `/portfolios/${made}?tab=risk&as=pairs`,
  };
  holdUpInEveryLook(() => browser, pages, () => owner);

  test('from none to figures and back, by keyboard', async () => {
    const opened = await visit('/portfolios?edit=new');
    const { page, complaints } = opened;
    await page.getByLabel('Name').fill(`Walk ${mark}`);
    await page.keyboard.press('Enter');
    await page.waitForURL(/portfolios\/[0-9a-f-]+\?tab=imports/);
    await page.getByRole('heading', { name: `Walk ${mark}` }).waitFor();

    const choose = async (file, text) => {
      const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByRole('button', { name: /Choose/ }).press('Enter')]);
      await chooser.setFiles({ name: file, mimeType: 'text/csv', buffer: Buffer.from(text) });
    };
    await choose('wrong.csv', `${HEAD}\nAAPL,0,10.00,2025-06-02,,\nNVDA,10,-3,2025-06-02,,\nJPM,5,20.00,2031-01-01,,\n`);
    await page.getByText('3 mistakes').waitFor();
    assert.deepEqual(await page.locator('.faults tbody th').allTextContents(), ['2', '3', '4']);
    assert.equal(await page.getByRole('button', { name: /^Import \d/ }).count(), 0);
    await holdUp(opened, 'portfolio-mistakes');

    await choose('right.csv', good);
    await page.getByText('No mistake').waitFor();
    await page.getByText('Every row and what becomes of it').press('Enter');
    assert.equal(await page.locator('.fates .state.good').count(), HELD.length);
    await holdUp(opened, 'portfolio-trial');
    await page.getByRole('button', { name: `Import ${HELD.length} rows` }).press('Enter');
    await page.getByText('right.csv is taken in').waitFor();
    await page.getByRole('link', { name: 'See the figures' }).press('Enter');
    await page.getByText('Net value', { exact: true }).waitFor();
    assert.match(await page.locator('.key-figures dd b').first().innerText(), /^\$[\d,]+/);
    await page.locator('.month-grid td.rose, .month-grid td.fell').first().waitFor();

    await page.getByRole('navigation', { name: 'Parts' }).getByRole('link', { name: 'Holdings' }).press('Enter');
    await page.getByRole('button', { name: 'AAPL: set a stop' }).press('Enter');
    await page.getByRole('textbox', { name: 'Stop' }).fill('1.25');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'AAPL: 1.25 / –' }).waitFor();

    await page.getByRole('navigation', { name: 'Parts' }).getByRole('link', { name: 'Imports' }).press('Enter');
    await page.getByRole('button', { name: 'Take back right.csv' }).press('Enter');
    await page.getByRole('dialog').getByRole('button', { name: 'Take it back' }).press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByText('taken back').waitFor();
    await page.getByRole('navigation', { name: 'Parts' }).getByRole('link', { name: 'Overview' }).press('Enter');
    await page.getByRole('heading', { name: 'Nothing to value yet' }).waitFor();

    await page.getByRole('button', { name: 'Remove…' }).press('Enter');
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).press('Enter');
    await page.waitForURL(/portfolios$/);
    await page.getByRole('link', { name: `Walk ${mark}` }).waitFor({ state: 'detached' });
    assert.deepEqual(complaints, []);
  });

  test('a trade is entered and taken away', async () => {
    const { page, complaints } = await visit(`/portfolios/${made}?tab=trades`);
    const count = page.getByText(/\d+ trades, newest first/);
    const before = await count.innerText();
    await page.getByLabel('What', { exact: true }).selectOption('sell');
    await page.getByLabel('On', { exact: false }).first().fill('2025-07-23');
    await page.getByLabel('Symbol').fill('aapl');
    await page.getByLabel('How many').fill('15');
    await page.getByLabel('Price of one').fill('101.25');
    await page.keyboard.press('Enter');
    await page.getByText('It is entered.').waitFor();
    await page.getByRole('button', { name: 'Take away: Sell AAPL of 23 Jul 2025' }).press('Enter');
    await page.getByRole('dialog').getByText('15 × 101.25 USD').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Take it away' }).press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    assert.equal(await count.innerText(), before);
    assert.deepEqual(complaints, []);
  });

  test('what is left out is named with its reason, and asked for again', async () => {
    const { page } = await visit(`/portfolios/${made}`);
    const left = page.getByRole('region', { name: '1 holding not counted yet' });
    await left.getByRole('link', { name: 'ZZZQ' }).waitFor();
    await left.getByText('there is no price of it').waitFor(); // this server asks no source, so nothing fails
    const alter = (change) => async (route) => {
      if (!route.request().headers().accept?.includes('json') || route.request().method() !== 'GET') return route.fallback();
      const response = await route.fetch();
      const body = await response.json();
      change(body);
      return route.fulfill({ response, json: body });
    };
    await page.route(/\/portfolios\/[^/]+(\/snapshot)?$/, alter((body) => {
      for (const one of body.left_out) Object.assign(one, { reason: 'failed', because: 'it could not be fetched' });
    }));
    await page.route(/\/onboarding\?/, alter((body) => {
      for (const one of body.rows.filter(({ symbol }) => symbol === 'ZZZQ')) one.status = 'failed';
    }));
    await page.reload();
    const again = left.getByRole('button', { name: 'Try again: ZZZQ', disabled: false }); // it is known by then who may
    await again.waitFor();
    const [asked] = await Promise.all([
      page.waitForRequest((request) => request.method() === 'POST' && request.url().endsWith('/onboarding')),
      again.press('Enter'),
    ]);
    assert.deepEqual(asked.postDataJSON().symbols, ['ZZZQ']);
    await page.unrouteAll({ behavior: 'ignoreErrors' }); // the page goes on asking until it is closed
  });

  test('j, Enter, Ctrl-K, the address and the file', async () => {
    const { page } = await visit('/portfolios');
    await page.keyboard.press('j');
    assert.ok(await page.evaluate(() => document.activeElement?.getAttribute('data-row')));
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder('Board or symbol').fill(`shown ${mark}`);
    await page.getByRole('dialog').getByText(`Shown ${mark}`).first().waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(new RegExp(made));
    await page.getByRole('navigation', { name: 'Parts' }).getByRole('link', { name: 'Holdings' }).click();
    await page.getByRole('button', { name: 'Holding', exact: true }).press('Enter');
    await page.waitForURL(/sort=symbol/);
    const rows = await page.locator('.holdings a[data-row]').allTextContents();
    assert.deepEqual(rows, rows.toSorted());
    const { page: other } = await visit(page.url().slice(base.length));
    assert.deepEqual(await other.locator('.holdings a[data-row]').allTextContents(), rows);
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: /CSV/ }).click()]);
    const lines = readFileSync(await download.path(), 'utf8').trim().split('\r\n');
    assert.equal(lines.length, rows.length + 1);
    assert.match(lines[0], /^symbol,name,.*stop_loss/);
  });

  test('a viewer sees only what is everyone’s, and why not to touch it', { skip: viewer ? false : 'no viewer' }, async () => {
    const as = await logIn(browser, { name: viewer, password: viewers });
    const { page } = await visit('/portfolios?edit=new', as);
    await page.getByText(/is a viewer: this needs somebody who may change/).first().waitFor();
    await page.getByLabel('Name').fill('Not mine');
    let sent = 0;
    page.on('request', (request) => (sent += Number(request.method() === 'POST')));
    const button = page.getByRole('button', { name: 'Make the portfolio' });
    assert.equal(await button.getAttribute('aria-disabled'), 'true');
    await button.press('Enter');
    assert.equal(sent, 0);
    await page.goto(`${base}/portfolios/${made}`);
    await page.getByRole('heading', { name: 'There is no such thing' }).waitFor();
  });

  test('a server that is away is said', async () => {
    const { page } = await visit('/portfolios');
    await cutOff(page);
    await page.getByRole('link', { name: `Shown ${mark}` }).click();
    await hurryTo(page, away(page));
  });
});
