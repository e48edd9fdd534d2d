/** The pages on which one works, logged in: what-if, validation, boards, jobs, settings, and the way in and out. */

import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { launch } from './browser.mjs';
import { logIn, visitAs } from './owner.mjs';
import { away, base, closeOpened, cutOff, holdUp, holdUpInEveryLook, hurryTo, settle } from './visit.mjs';

const name = process.env.PACESETTER_USER; // an owner of the server; without one there is nothing to log in to
const password = process.env.PACESETTER_PASSWORD;
const mark = String(Date.now()).slice(-6); // so that it can be run again on the same server
const PAGES = {
  'what-if': '/what-if?board=ai-tech&w=momentum:60,volume_change:10,volatility:10,relative_strength:10,financial_ratio:10',
  validation: '/validation/ai-tech',
  domains: '/domains',
  'domains-new': '/domains?edit=new',
  'domains-edit': '/domains?edit=ev',
  jobs: '/jobs',
  freshness: '/jobs?show=fresh',
  held: '/jobs?show=held',
  settings: '/settings',
};

describe('the pages on which one works', { skip: name ? false : 'PACESETTER_USER and PACESETTER_PASSWORD are not set' }, () => {
  let browser;
  let owner;
  before(async () => {
    browser = await launch();
    owner = await logIn(browser, { name, password });
  });
  after(() => browser.close());
  afterEach(() => closeOpened(browser));

  const visit = (path, as = owner) => visitAs(browser, as, path);

  holdUpInEveryLook(() => browser, PAGES, () => owner);

  test('a refused reader logs in where they are, by keyboard, and out again', async () => {
    const opened = await visit('/boards/ai-tech', null);
    const { page } = opened;
    const dialog = page.getByRole('dialog', { name: 'Log in' });
    await dialog.waitFor();
    opened.complaints.length = 0; // the browser notes each refusal
    await holdUp(opened, 'login');
    await page.keyboard.type(name);
    await page.keyboard.press('Tab');
    await page.keyboard.type('not this one');
    await page.keyboard.press('Enter');
    await dialog.getByText('Name or password is wrong.').waitFor();
    await dialog.locator('input[autocomplete=current-password]').fill(password);
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await page.locator('.board a[data-row]').first().waitFor(); // the page they wanted
    await page.getByRole('button', { name: /your account/ }).press('Enter');
    await page.getByRole('button', { name: 'Log out' }).press('Enter');
    await dialog.waitFor();
    assert.equal((await page.context().request.get(`${base}/api/v1/session`)).status(), 401);
  });

  test('what-if follows the keys of a slider, and its address shows the same again', async () => {
    const { page, complaints } = await visit('/what-if?board=ai-tech');
    const slider = page.getByRole('slider', { name: 'Weight of momentum' });
    await slider.focus();
    const asked = page.waitForResponse((answer) => answer.url().endsWith('/what-if') && answer.request().postDataJSON().weights.momentum > 0.5);
    await page.keyboard.press('End');
    assert.equal((await asked).status(), 200);
    await page.waitForURL(/w=momentum/);
    await page.getByText(/would change place|No rank changes/).waitFor();
    const ranks = await page.locator('.plain-table a[data-row]').allTextContents();
    const { page: other } = await visit(page.url().slice(base.length));
    assert.equal(await other.getByRole('slider', { name: 'Weight of momentum' }).getAttribute('aria-valuenow'), '100');
    assert.deepEqual(await other.locator('.plain-table a[data-row]').allTextContents(), ranks);
    await page.getByRole('button', { name: 'Reset' }).click();
    await page.waitForURL((url) => !url.search.includes('w='));
    assert.deepEqual(complaints, []);
  });

  test('an answer that comes late does not replace a newer one', async () => {
    const opened = await visit('/what-if?board=ai-tech');
    const { page } = opened;
    let release;
    const released = new Promise((done) => (release = done));
    let late;
    const asked = new Promise((done) => (late = done));
    let first = true;
    await page.route('**/api/v1/what-if', async (route) => {
      if (first) {
        first = false;
        late(route.request());
        await released;
      }
      await route.continue().catch(() => undefined); // it was taken back
    });
    await page.getByRole('slider', { name: 'Weight of momentum' }).focus();
    await page.keyboard.press('End');
    const older = await asked;
    const ended = Promise.race(['requestfinished', 'requestfailed'].map((end) => page.waitForEvent(end, (request) => request === older)));
    await page.keyboard.press('Home');
    await page.waitForResponse((answer) => answer.url().endsWith('/what-if') && answer.request().postDataJSON().weights.momentum === 0);
    await page.locator('.fading').waitFor({ state: 'detached' });
    const shown = await page.locator('.plain-table a[data-row]').allTextContents();
    release();
    await ended;
    await settle(opened);
    assert.deepEqual(await page.locator('.plain-table a[data-row]').allTextContents(), shown);
  });

  test('a day of work: a board, a method, a job, a key', async () => {
    const { page, complaints } = await visit('/domains?edit=new');
    await page.getByLabel('Name').fill(`Walk ${mark}`);
    await page.getByRole('textbox', { name: 'Tickers' }).fill('nvda, AMD\nMSFT ZZZQ');
    await page.locator('.preview').getByText('ZZZQ').waitFor();
    await page.locator('.preview').getByText('4 members').waitFor();
    await page.getByRole('button', { name: 'Make the board' }).click();
    await page.getByRole('heading', { name: `Walk ${mark} is made` }).waitFor();
    await page.getByRole('link', { name: 'All boards' }).last().click();
    await page.getByRole('link', { name: `Change Walk ${mark}` }).click();
    await page.getByRole('button', { name: 'AMD', exact: true }).click();
    await page.getByRole('button', { name: 'Save the change' }).click();
    await page.getByText('left: AMD').waitFor();

    await page.goto(`${base}/what-if?board=ai-tech&w=momentum:80,volume_change:5,volatility:5,relative_strength:5,financial_ratio:5`);
    await page.getByRole('button', { name: 'Save as a method…' }).click();
    await page.getByRole('dialog').getByLabel('Name of the method').fill(`walked-${mark}`);
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await page.getByRole('dialog').getByText(`walked-${mark} v1`).waitFor();
    await page.keyboard.press('Escape');

    await page.goto(`${base}/jobs`);
    await page.getByRole('combobox', { name: 'Work' }).selectOption('backfill');
    await page.getByLabel('From (empty: the first)').fill('2025-07-21');
    await page.getByLabel('To (empty: the newest)').fill('2025-07-21');
    await page.getByRole('button', { name: 'Start' }).click();
    const past = page.getByRole('region', { name: 'Past jobs' });
    await past.getByRole('listitem').filter({ hasText: 'Backfill of past sessions' }).locator('.state', { hasText: 'done' }).waitFor();

    await page.goto(`${base}/settings`);
    await page.getByLabel('What for').fill('walk');
    await page.getByRole('button', { name: 'Make a key' }).click();
    const key = await page.getByTestId('new-key').textContent();
    const asked = await fetch(`${base}/api/v1/domains`, { headers: { Authorization: `Bearer ${key}` } });
    assert.equal(asked.status, 200);
    assert.ok((await asked.json()).domains.some((board) => board.slug === `walk-${mark}`));
    await page.getByRole('button', { name: 'I have it' }).click();
    await page.getByRole('button', { name: 'Revoke walk' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    assert.equal((await fetch(`${base}/api/v1/domains`, { headers: { Authorization: `Bearer ${key}` } })).status, 401);

    await page.goto(`${base}/domains?edit=walk-${mark}`);
    await page.getByRole('button', { name: 'Remove the board…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('link', { name: 'Change AI/Tech' }).waitFor();
    assert.equal(await page.getByRole('link', { name: `Change Walk ${mark}` }).count(), 0);
    assert.deepEqual(complaints, []);
  });

  test('a viewer sees everything, and why not to touch it', async () => {
    const { page: own } = await visit('/settings');
    await own.getByLabel('Name', { exact: true }).fill(`visitor-${mark}`);
    await own.getByLabel('Password (may stay empty)').fill('a visitor of this house');
    await own.getByRole('button', { name: 'Add', exact: true }).click();
    await own.getByText(`visitor-${mark} may come in as viewer`).waitFor();
    const { page } = await visit('/jobs', await logIn(browser, { name: `visitor-${mark}`, password: 'a visitor of this house' }));
    await page.getByText(`visitor-${mark} is a viewer: this needs somebody who may change`).first().waitFor();
    const start = page.getByRole('button', { name: 'Start' });
    assert.equal(await start.getAttribute('aria-disabled'), 'true');
    let sent = 0;
    page.on('request', (request) => (sent += Number(request.method() === 'POST')));
    await start.press('Enter');
    await page.getByRole('combobox', { name: 'Work' }).focus();
    await page.keyboard.press('Enter');
    await page.goto(`${base}/settings`);
    await page.getByText('Users are for owners.').waitFor();
    assert.equal(sent, 0);
  });

  test('the pages say when the server is away', async () => {
    const { page } = await visit('/');
    await cutOff(page);
    for (const place of ['What-if', 'Boards of your own', 'Jobs & data']) {
      await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: place }).click();
      await page.waitForSelector('main h1');
    }
    await hurryTo(page, away(page));
  });
});
