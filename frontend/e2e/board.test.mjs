/** The board page: every row, quickly, however many there are. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, afterEach, before, test } from 'node:test';
import { launch, openPage } from './browser.mjs';
import { ask, base, closeOpened, findSubject, holdUp, settle, visit } from './visit.mjs';

const MOST_SCRIPT = 200_000; // bytes over the wire
const MANY = 10_000;
const { board } = await findSubject();
const whole = await ask(`/api/v1/rankings/${board}?limit=1000`);
let browser;

before(async () => (browser = await launch()));
after(() => browser.close());
afterEach(() => closeOpened(browser));

const rowsOf = (page) => page.locator('.board a[data-row]');
const filled = async (page, count) => page.getByRole('status').getByText(new RegExp(`^${count.toLocaleString('en-GB')} rows?$`)).waitFor();

test('the first load: little script, and soon there', async () => {
  await visit(browser, `/boards/${board}`).then(({ page }) => page.context().close()); // the server has answered once
  const opened = await openPage(browser);
  const { page } = opened;
  await page.addInitScript(() => {
    new MutationObserver((_, own) => {
      if (!document.querySelector('.board a[data-row]')) return;
      own.disconnect();
      // The next frame is painted and the thread is free again: a press would be answered.
      requestAnimationFrame(() => setTimeout(() => (globalThis.usableAt = performance.now())));
    }).observe(document, { childList: true, subtree: true });
  });
  await page.goto(`${base}/boards/${board}`);
  await page.waitForFunction(() => globalThis.usableAt);
  await settle(opened);
  const loaded = await page.evaluate(() =>
    performance.getEntriesByType('resource').map(({ name, encodedBodySize }) => [new URL(name).pathname, encodedBodySize]),
  );
  const sum = (ending) => loaded.filter(([name]) => name.endsWith(ending)).reduce((all, [, size]) => all + size, 0);
  const usableAt = Math.round(await page.evaluate(() => globalThis.usableAt));
  console.log(`first load of a board of ${whole.count}: ${sum('.js')} bytes of script, ${sum('.css')} of style, usable after ${usableAt} ms`);
  assert.ok(sum('.js') > 50_000, 'nothing was measured');
  assert.ok(sum('.js') <= MOST_SCRIPT, JSON.stringify(loaded));
});

test('every row of the board is there, sorted and filtered as a whole', async () => {
  const { page } = await visit(browser, `/boards/${board}?sort=-rank`);
  await filled(page, whole.count);
  const worst = Math.max(...whole.rows.map((row) => row.rank ?? 0));
  assert.equal(await page.locator('.board tbody .c-rank').first().innerText(), String(worst));
  await page.goto(`${base}/boards/${board}?only=down&min=20`);
  const down = whole.rows.filter((row) => row.rank_change < 0 && row.score >= 20).length;
  const said = down === whole.count ? `${down} row` : `${down} of ${whole.count} row`;
  await page.getByRole('status').getByText(said).waitFor();
  await page.getByRole('button', { name: 'Filters: 2' }).press('Enter');
  await page.getByRole('button', { name: 'Remove all filters' }).press('Enter');
  await page.waitForURL((url) => !url.search);
  await filled(page, whole.count);
});

test('the file has every row, in full', async () => {
  const { page } = await visit(browser, `/boards/${board}`);
  await filled(page, whole.count);
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download CSV' }).click()]);
  const lines = readFileSync(await download.path(), 'utf8').trim().split('\r\n');
  assert.equal(lines.length, whole.count + 1);
  assert.ok(lines[1].includes(String(whole.rows[0].score)));
});

test('small lines of prices come for the rows in sight, with words', async () => {
  const { page, complaints } = await openPage(browser);
  const asked = [];
  page.on('request', (request) => request.url().includes('/sparklines/') && asked.push(new URL(request.url())));
  await page.goto(`${base}/boards/${board}`);
  await page.locator('.spark .line').first().waitFor();
  assert.match(await page.locator('.c-price').first().innerText(), /[+−]?\d+\.\d %/);
  assert.match(await page.locator('.c-price').first().textContent(), /over 30 sessions/);
  const symbols = asked.flatMap((url) => url.searchParams.get('symbols').split(','));
  assert.equal(new Set(symbols).size, symbols.length, 'asked twice');
  assert.ok(symbols.length <= Math.max(60, whole.count / 4), `${symbols.length} asked for`);
  assert.deepEqual(complaints, []);
});

test('rows are chosen and compared by keyboard', async () => {
  const { page } = await visit(browser, `/boards/${board}`);
  const boxes = page.locator('.board input.pick');
  await boxes.nth(1).press('Space');
  await boxes.nth(2).press('Space');
  await page.getByRole('link', { name: 'Compare 2' }).press('Enter');
  await page.waitForURL(/compare\?symbols=/);
  const [, second, third] = whole.rows;
  assert.ok(page.url().includes(`symbols=${second.symbol},${third.symbol}`));
});

/** A board that nobody has, answered in pages as the server does. */
async function serveMany(page) {
  const model = whole.rows.find((row) => row.rank != null);
  const rows = Array.from({ length: MANY }, (_, i) => ({
    ...model, symbol: `S${i}`, name: `Symbol number ${i}`, rank: i + 1, score: 100 - i / 100, rank_change: (i % 7) - 3,
  }));
  let bytes = 0;
  await page.route('**/api/v1/rankings/many**', (route) => {
    const query = new URL(route.request().url()).searchParams;
    const from = Number(query.get('cursor') ?? 0);
    const to = Math.min(from + Number(query.get('limit') ?? 100), MANY);
    const body = JSON.stringify({ ...whole, board: 'Many', slug: 'many', count: MANY, next: to < MANY ? String(to) : null, rows: rows.slice(from, to) });
    bytes += body.length;
    return route.fulfill({ contentType: 'application/json', body });
  });
  await page.route('**/api/v1/sparklines/many**', (route) => {
    const symbols = new URL(route.request().url()).searchParams.get('symbols').split(',');
    const values = Array.from({ length: 30 }, (_, i) => 100 + Math.sin(i) * 5);
    return route.fulfill({ contentType: 'application/json', body: JSON.stringify({ rows: symbols.map((symbol) => ({ symbol, values })) }) });
  });
  return () => bytes;
}

/** The frames of a scroll, 200 pixels each (a fast fling), down and up again: milliseconds between them, and rows that were put in. */
const scroll = (page) =>
  page.locator('.table-box').evaluate(
    (box) =>
      new Promise((done) => {
        const frames = [];
        let made = 0;
        new MutationObserver((all) => {
          for (const { addedNodes } of all) made += [...addedNodes].filter((one) => one.nodeName === 'TR').length;
        }).observe(box, { childList: true, subtree: true });
        let last = performance.now();
        const step = (now) => {
          frames.push(now - last);
          last = now;
          box.scrollTop += frames.length < 120 ? 200 : -200;
          if (frames.length < 240) requestAnimationFrame(step);
          else done({ frames: frames.slice(1), made });
        };
        requestAnimationFrame(step);
      }),
  );

test(`${MANY} rows: all there, and they scroll`, async () => {
  const opened = await openPage(browser);
  const { page } = opened;
  const bytes = await serveMany(page);
  const from = Date.now();
  await page.goto(`${base}/boards/many`);
  await rowsOf(page).first().waitFor();
  const first = Date.now() - from;
  await filled(page, MANY);
  const all = Date.now() - from;
  const { frames, made } = await scroll(page);
  frames.sort((a, b) => a - b);
  const at = (share) => frames[Math.floor(share * (frames.length - 1))].toFixed(1);
  const late = frames.filter((ms) => ms > 50).length;
  console.log(`${MANY} rows (${(bytes() / 1e6).toFixed(1)} MB of JSON): first after ${first} ms, all after ${all} ms; ` +
    `frames of ${frames.length}: median ${at(0.5)}, p95 ${at(0.95)}, longest ${at(1)} ms, ${late} over 50 ms; ${made} rows put in`);
  const [height, inSight] = await page.locator('.board tbody tr').nth(2).evaluate((row) => [row.offsetHeight, row.closest('.table-box').clientHeight]);
  const passed = (frames.length + 1) * 200 / height + inSight / height; // whatever the machine, only rows that come into sight are made
  assert.ok(made > 0 && made < passed * 2, `${made} rows put in for ${passed} that came by`);
  assert.ok((await page.locator('.board tbody tr').count()) < 80, 'only what is in sight is in the page');
  await page.locator('.table-box').evaluate((box) => box.scrollTo(0, box.scrollHeight));
  await page.locator(`a[data-row="S${MANY - 1}"]`).waitFor();
  await page.getByRole('searchbox').fill('number 9876');
  await page.getByRole('status').getByText(`1 of ${MANY.toLocaleString('en-GB')} rows`).waitFor();
  await holdUp(opened, 'board-many');
});
