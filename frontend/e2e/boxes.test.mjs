/** Boxes: the leaderboard, one box, and a day's figures entered by hand. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, afterEach, before, describe, test } from 'node:test';
import { launch } from './browser.mjs';
import { logIn, visitAs } from './owner.mjs';
import { away, base, closeOpened, cutOff, holdUp, holdUpInEveryLook, hurryTo } from './visit.mjs';

const { PACESETTER_USER: name, PACESETTER_PASSWORD: password, PACESETTER_VIEWER: viewer, PACESETTER_VIEWER_PASSWORD: viewers } = process.env;
const PAGES = {
  boxes: '/boxes',
  'box-day': '/boxes/BOX-TD03?edit=day&span=3m',
  'box-facts': '/boxes/BOX-DDDD4444?edit=facts',
};
const PICTURE = 'https://pictures.example/td.png';
const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

describe('boxes', { skip: name ? false : 'PACESETTER_USER and PACESETTER_PASSWORD name no owner' }, () => {
  let browser;
  let owner;

  before(async () => {
    browser = await launch();
    owner = await logIn(browser, { name, password });
  });
  after(() => browser.close());
  afterEach(() => closeOpened(browser));

  const visit = (path, as = owner) => visitAs(browser, as, path);
  const ask = async (page, path) => (await page.context().request.get(base + path)).json();
  const symbols = (page) => page.locator('.board tbody a[data-row]').evaluateAll((links) => links.map((link) => link.dataset.row));

  holdUpInEveryLook(() => browser, PAGES, () => owner);

  test('sorted by any measure, by a press and by the list; the address keeps it', async () => {
    const { page, complaints } = await visit('/boxes');
    const usual = (await ask(page, '/api/v1/boxes')).rows;
    assert.deepEqual(await symbols(page), usual.map((row) => row.symbol));
    const { rows: measures } = await ask(page, '/api/v1/boxes/measures');
    const offered = await page.getByLabel('Sort by').locator('option').evaluateAll((all) => all.map((one) => one.value));
    assert.deepEqual(offered, ['rank', ...measures.map((one) => one.name)]);
    await page.getByRole('button', { name: 'Floor price' }).press('Enter');
    await page.waitForURL(/sort=floor_price_usd/);
    const dearest = (await ask(page, '/api/v1/boxes?sort=floor_price_usd')).rows.map((row) => row.symbol);
    await page.locator(`tbody tr:nth-of-type(2) a[data-row="${dearest[0]}"], tbody tr a[data-row="${dearest[0]}"]`).first().waitFor();
    await page.waitForFunction((first) => document.querySelector('.board tbody a[data-row]')?.dataset.row === first, dearest[0]);
    assert.deepEqual(await symbols(page), dearest);
    assert.equal(await page.locator('th[aria-sort="descending"]').innerText(), 'Floor price ↓');
    await page.getByRole('button', { name: 'Floor price' }).press('Enter');
    await page.waitForURL(/sort=-floor_price_usd/);
    await page.getByLabel('Sort by').selectOption('expected_days_to_sell');
    await page.waitForURL(/sort=expected_days_to_sell/);
    await page.locator('th[aria-sort="ascending"]').getByText('Days to sell').waitFor();
    await page.getByRole('searchbox').fill('neap');
    await page.getByRole('status').getByText('1 of 4 boxes').waitFor();
    const { page: other } = await visit(page.url().slice(base.length));
    assert.deepEqual(await symbols(other), ['BOX-TD03']);
    assert.deepEqual(complaints, []);
  });

  test('names have room, and the table has no scrolling of its own', async () => {
    const { page } = await visit('/boxes');
    for (const width of [1280, 1440, 1000]) {
      await page.setViewportSize({ width, height: 700 });
      const [name, inner, outer] = await page.waitForFunction(() => {
        const box = document.querySelector('.box-board .table-box');
        const cell = document.querySelector('.board tbody .c-symbol');
        return cell && cell.clientWidth >= 260 && [cell.clientWidth, box.scrollHeight, box.clientHeight];
      }, null).then((found) => found.jsonValue());
      assert.ok(name >= 260 && inner <= outer, `${width}: name ${name}, ${inner} in ${outer}`);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    }
  });

  test('another day, what changes compare with, what is missing and why, and the file', async () => {
    const { page } = await visit('/boxes');
    const now = await ask(page, '/api/v1/boxes');
    await page.getByRole('button', { name: /^The observed day before: / }).click();
    await page.waitForURL(new RegExp(`on=${now.previous_on}`));
    assert.ok(await page.getByRole('button', { name: /^The observed day after: / }).isEnabled());
    const options = await page.locator('.picker select').first().locator('option').evaluateAll((all) => all.map((one) => one.value));
    assert.deepEqual(options, (await ask(page, '/api/v1/boxes/market')).rows.map((row) => row.date).reverse());
    await page.goto(`${base}/boxes?on=${now.as_of}`);
    await page.setViewportSize({ width: 1600, height: 820 }); // where there is room for all columns
    const month = page.locator('.c-floor_price_30d_change_pct').first();
    assert.match(await month.textContent(), /^– no earlier floor price to compare with$/);
    assert.match(await page.locator('.c-floor_price_7d_change_pct').first().textContent(), /[▲▼=] .+ % since \d+ \w+ \d{4}/);
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download CSV' }).click()]);
    const lines = readFileSync(await download.path(), 'utf8').trim().split('\r\n');
    assert.equal(lines.length, now.count + 1);
    assert.ok(lines[1].startsWith(now.as_of) && lines[1].includes(String(now.rows[0].unified_volume_7d_ema)));
  });

  test('a day entered by hand, doubted, corrected, and another rank', async () => {
    const opened = await visit('/boxes');
    const { page } = opened;
    const { as_of: day, rows } = await ask(page, '/api/v1/boxes');
    const at = rows.findIndex((row) => row.symbol === 'BOX-TD03');
    assert.equal(rows[at].current_rank, 3);
    for (let i = 0; i <= at; i += 1) await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/boxes\/BOX-TD03$/);
    await page.locator('.box-rank').getByText('#3', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'Enter a day…' }).press('Enter');
    await page.locator('form input[type=date]').fill(day);
    await page.getByRole('textbox', { name: 'Floor price, $' }).fill('41000');
    await page.getByRole('textbox', { name: 'Listings' }).fill('8');
    await page.getByRole('textbox', { name: 'Sold' }).fill('30');
    await page.getByRole('textbox', { name: 'Note' }).fill('seen at a fair');
    await page.getByRole('button', { name: 'Enter', exact: true }).press('Enter');
    const doubt = page.getByRole('dialog', { name: 'Is this price right?' });
    await doubt.getByText('A floor price of $41,000.00 is far from').waitFor();
    await doubt.getByRole('button', { name: 'Cancel' }).click();
    await doubt.waitFor({ state: 'detached' });
    assert.equal((await ask(page, '/api/v1/boxes/BOX-TD03')).day.current_rank, 3); // nothing was taken
    await page.getByRole('textbox', { name: 'Floor price, $' }).fill('430.50');
    await page.getByRole('button', { name: 'Enter', exact: true }).press('Enter');
    await page.getByText(/is entered; \d+ days? ranked again/).waitFor();
    await page.locator('.box-rank').getByText('#1', { exact: true }).waitFor();
    await page.getByRole('region', { name: 'Why the rank moved' }).getByText('its own volume').waitFor();
    const records = page.getByRole('region', { name: 'Observations' }).last();
    await records.getByText(`by hand, ${name}`).waitFor();
    await records.getByText('“seen at a fair”').waitFor();
    await page.getByRole('region', { name: 'Figures' }).getByText('entered by hand').locator('visible=true').first().waitFor();
    opened.complaints.splice(0, opened.complaints.length, ...opened.complaints.filter((said) => !said.includes('422'))); // the doubt
    await holdUp(opened, 'box-entered');
    await page.getByRole('link', { name: 'Boxes', exact: true }).last().click();
    await page.waitForFunction(() => document.querySelector('.board tbody a[data-row]')?.dataset.row === 'BOX-TD03');
    assert.match(await page.locator('.board tbody .c-rank').first().textContent(), /▲ \+2 up/);
  });

  test('a box is named and gets a picture; what cannot be is refused with what can', async () => {
    const { page, complaints } = await visit('/boxes');
    const asked = [];
    await page.route(PICTURE, (route) => {
      asked.push(route.request().headers().referer);
      return route.fulfill({ contentType: 'image/png', body: PNG });
    });
    await page.getByRole('link', { name: 'name it BOX-DDDD4444' }).press('Enter');
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Shells - TD-04 Spring Tide Booster Box');
    await page.getByRole('textbox', { name: 'Picture' }).fill('ftp://pictures.example/td.png');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('alert').getByText('https://').first().waitFor();
    await page.getByRole('textbox', { name: 'Picture' }).fill(PICTURE);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('It is changed.').waitFor();
    await page.getByRole('heading', { level: 1 }).getByText('Spring Tide').waitFor();
    await page.locator('.box-head img').waitFor();
    await page.goto(`${base}/boxes`);
    const img = page.locator('.board img.box-picture');
    await img.waitFor();
    assert.deepEqual(await img.evaluate((one) => [one.offsetWidth, one.offsetHeight]), [36, 36]);
    assert.ok(asked.length && asked.every((referer) => referer === undefined), 'the picture is told who looks');
    await page.goto(`${base}/boxes/BOX-DDDD4444?edit=facts`);
    await page.getByRole('textbox', { name: 'Picture' }).fill(''); // an empty field clears it
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('It is changed.').waitFor();
    await page.locator('.box-head .none-yet').waitFor();
    assert.deepEqual(complaints.filter((said) => !said.includes('422')), []);
  });

  test('every way leads to the page of a box', async () => {
    const { page, complaints } = await visit('/boards/boxes');
    assert.ok(page.url().endsWith('/boxes'));
    await page.goto(`${base}/symbols/BOX-TD01`);
    await page.waitForURL(/\/boxes\/BOX-TD01$/);
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder('Board or symbol').fill('High Tide');
    await page.getByText('BOX-TD02').waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/boxes\/BOX-TD02$/);
    await page.goto(base);
    const card = page.getByRole('region', { name: /^Boxes/ });
    await card.locator('li').first().waitFor();
    assert.equal(await card.locator('li').count(), 3);
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Boxes' }).click();
    await page.getByRole('heading', { level: 1, name: 'Boxes' }).waitFor();
    assert.deepEqual(complaints, []);
  });

  test('who may only look is told so, and a box that is not there is named', async () => {
    const state = await logIn(browser, { name: viewer, password: viewers });
    const { page } = await visit('/boxes/BOX-TD01?edit=day', state);
    await page.getByText('Entering is not for you.').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Enter', exact: true }).getAttribute('aria-disabled'), 'true');
    await page.goto(`${base}/boxes`);
    await page.locator('.board tbody a[data-row]').first().waitFor();
    assert.equal(await page.getByRole('link', { name: /^name it / }).count(), 0);
    await page.goto(`${base}/boxes/BOX-TD09`);
    await page.getByRole('heading', { name: 'There is no box BOX-TD09' }).waitFor();
    await page.getByRole('alert').getByRole('link', { name: 'BOX-TD01' }).waitFor();
  });

  test('without boxes the page says how they come in; without a server, that it is away', async () => {
    const { page } = await visit('/settings');
    const { rows, ...rest } = await ask(page, '/api/v1/boxes');
    assert.ok(rows.length);
    await page.route('**/api/v1/boxes?**', (route) => route.fulfill({ contentType: 'application/json', body: JSON.stringify({ ...rest, as_of: null, count: 0, rows: [], next: null }) }));
    await page.goto(`${base}/boxes`);
    await page.getByText('pacesetter import boxes FILE').waitFor();
    await page.unroute('**/api/v1/boxes?**');
    await cutOff(page);
    await page.goto(`${base}/boxes`);
    await hurryTo(page, away(page));
  });
});
