/** The research desk: the morning report, decisions, the watchlist, agents, the log. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, afterEach, before, describe, test } from 'node:test';
import { launch } from './browser.mjs';
import { logIn, visitAs } from './owner.mjs';
import { base, closeOpened, holdUpInEveryLook } from './visit.mjs';

const { PACESETTER_USER: name, PACESETTER_PASSWORD: password, PACESETTER_VIEWER: viewer, PACESETTER_VIEWER_PASSWORD: viewers } = process.env;

describe('desk', { skip: name ? false : 'PACESETTER_USER and PACESETTER_PASSWORD name no owner' }, () => {
  let browser;
  let owner;
  let symbol = 'AAPL'; // one with a signal, once it is known

  before(async () => {
    browser = await launch();
    owner = await logIn(browser, { name, password });
    const { page } = await visitAs(browser, owner, '/desk');
    const { rows } = await ask(page, '/api/v1/convergence');
    symbol = rows[0]?.symbol ?? symbol;
  });
  after(() => browser.close());
  afterEach(() => closeOpened(browser));

  const ask = async (page, path) => (await page.context().request.get(base + path)).json();
  const visit = (path, as = owner) => visitAs(browser, as, path);

  const PAGES = {
    'desk-today': '/desk',
    'desk-decisions': '/desk/decisions?show=all',
    'desk-queue': '/desk/queue?show=all',
    'desk-symbol': () => `/desk/queue/${symbol}`,
    'desk-signals': '/desk/signals',
    'desk-rules': '/desk/signals?show=rules',
    'desk-watchlist': '/desk/watchlist?open=new&symbol=AAPL',
    'desk-agents': '/desk/agents',
    'desk-agent': '/desk/agents/value',
    'desk-log': '/desk/log',
    'desk-inbox': '/desk/log?show=inbox',
  };
  holdUpInEveryLook(() => browser, PAGES, () => owner);

  test('the report is read in place, day by day; the keyboard goes from part to part', async () => {
    const { page, complaints } = await visit('/desk');
    const { rows } = await ask(page, '/api/v1/reports');
    assert.ok(rows.length >= 3);
    await page.getByRole('heading', { name: rows[0].title }).waitFor();
    await page.getByRole('button', { name: 'The report before' }).press('Enter');
    await page.waitForURL(new RegExp(`on=${rows[1].on}`));
    await page.getByRole('heading', { name: rows[1].title }).waitFor();
    const whole = await ask(page, `/api/v1/reports/morning?on=${rows[1].on}&format=json`);
    for (const { title } of whole.sections) await page.locator('.report').getByRole('heading', { name: title, exact: true, level: 3 }).waitFor();
    await page.getByRole('button', { name: 'The report after' }).click();
    await page.getByRole('heading', { name: rows[0].title }).waitFor();
    await page.getByRole('link', { name: 'Decisions', exact: true }).press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Decisions' }).waitFor();
    assert.deepEqual(complaints, []);
  });

  test('approve on paper, reject with a reason, change terms: each is kept and logged', async () => {
    const { page, complaints } = await visit('/desk/decisions');
    const { rows } = await ask(page, '/api/v1/decisions?waiting=true');
    const [buy, other] = rows.filter((row) => row.action === 'BUY' && row.quantity === '8');
    const sell = rows.find((row) => row.action === 'SELL');
    const card = (row) => page.getByRole('article').filter({ has: page.getByRole('link', { name: row.symbol, exact: true }) });
    await page.getByRole('button', { name: `Change the terms of ${other.symbol}` }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Stop').fill('999');
    await dialog.getByText('The stop has to lie below the price').waitFor();
    assert.ok(await dialog.getByRole('button', { name: 'Change' }).isDisabled());
    await dialog.getByLabel('Stop').fill('110');
    await dialog.getByRole('button', { name: 'Change' }).click();
    await card(other).getByText('changed, waits for an answer').waitFor();

    await page.getByRole('button', { name: `Reject ${sell.symbol}` }).click();
    assert.ok(await dialog.getByRole('button', { name: 'Reject' }).isDisabled());
    await dialog.getByRole('textbox', { name: 'Why' }).fill('results are due');
    await dialog.getByRole('button', { name: 'Reject' }).click();
    await card(sell).getByText('“results are due”').waitFor();

    await page.getByRole('button', { name: `Approve ${buy.symbol}` }).press('Enter');
    await dialog.getByText('No money moves', { exact: false }).waitFor();
    await dialog.getByRole('button', { name: 'Approve' }).click();
    await card(buy).locator('.state', { hasText: 'approved' }).waitFor();
    const states = await Promise.all([buy, other, sell].map((row) => ask(page, `/api/v1/decisions/${row.id}`)));
    assert.deepEqual(states.map((row) => [row.status, row.stop_loss]), [['approved', '114.2'], ['modified', '110'], ['rejected', null]]);

    await page.goto(`${base}/desk/log`);
    await page.getByText(`Decision approved: ${buy.symbol}`, { exact: false }).waitFor();
    await page.getByRole('button', { name: 'Verify' }).click();
    await page.getByText(/All \d+ entries hold/).waitFor();
    assert.deepEqual(complaints, []);
  });

  test('a watch: facts are offered while typing, it is tried, saved, changed and taken away', async () => {
    const { page, complaints } = await visit('/desk/watchlist?open=new&symbol=MSFT');
    const area = page.getByRole('textbox', { name: 'Condition' });
    await area.fill('price.clo');
    await page.getByRole('button', { name: /^price\.close/ }).click();
    assert.equal(await area.inputValue(), 'price.close ');
    await area.pressSequentially('> 0.5');
    await page.getByRole('button', { name: 'Try it' }).click();
    await page.getByRole('status').filter({ hasText: 'fired' }).waitFor();
    await page.getByRole('button', { name: 'Watch', exact: true }).click();
    const entry = page.getByRole('listitem').filter({ has: page.getByRole('link', { name: 'MSFT', exact: true }) });
    await entry.getByText('The close is above 0.5', { exact: false }).first().waitFor();
    await entry.getByLabel('Thesis').fill('because');
    await entry.getByRole('button', { name: 'Save' }).click();
    await entry.getByText('“because”').waitFor();
    await entry.getByRole('button', { name: 'Take away: MSFT' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Take it away' }).click();
    await entry.waitFor({ state: 'detached' });
    assert.deepEqual(complaints, []);
  });

  test('an agent: weight by the keyboard, a parameter within its bounds, a preset looked at first', async () => {
    const { page, complaints } = await visit('/desk/agents');
    await page.getByRole('slider', { name: 'Weight of Momentum' }).press('ArrowRight');
    await page.waitForFunction(async () => (await (await fetch('/api/v1/agents/momentum')).json()).weight === 1.1);
    await page.getByRole('button', { name: 'Preset Cautious' }).click();
    await page.getByRole('dialog').getByRole('listitem').first().waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('link', { name: 'Value', exact: true }).click();
    const field = page.getByLabel('Buy from');
    await field.fill('1000');
    await page.getByText('From 0 to 100', { exact: true }).waitFor();
    assert.ok(await page.getByRole('button', { name: 'Save' }).isDisabled());
    await field.fill('71.5');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('version 1', { exact: true }).waitFor();
    assert.equal((await ask(page, '/api/v1/agents/value')).parameters.find((one) => one.name === 'buy_from').value, 71.5);
    assert.deepEqual(complaints, []);
  });

  test('Ctrl-K finds the pages, the home page and a symbol tell of the desk; a viewer may only look', async () => {
    const { page } = await visit('/');
    await page.getByRole('link', { name: 'Morning report' }).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').getByRole('textbox').fill('research queue');
    await page.getByRole('dialog').getByText('Research queue', { exact: false }).first().waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(/desk\/queue/);
    await page.goto(`${base}/symbols/AAPL`);
    await page.getByRole('heading', { name: 'On the desk', exact: false }).waitFor();
    const vera = await logIn(browser, { name: viewer, password: viewers });
    const { page: theirs } = await visit('/desk/decisions', vera);
    const button = theirs.getByRole('button', { name: /^(Approve|Reject) / }).first();
    assert.equal(await button.getAttribute('aria-disabled'), 'true');
    await theirs.goto(`${base}/desk/log`);
    await theirs.getByText('The log is for owners', { exact: false }).waitFor();
  });

  test('by hand: a trade is logged into a portfolio; a dry run keeps nothing; a preset and a file set all agents', async () => {
    const { page, complaints } = await visit('/desk/agents/desk');
    const dialog = page.getByRole('dialog');
    const work = async (mode) => {
      await page.goto(`${base}/desk/agents/desk`);
      await page.getByLabel('Mode').selectOption(mode);
      await page.getByRole('button', { name: 'Save' }).click();
      await page.waitForFunction(async (set) => (await (await fetch('/api/v1/desk')).json()).mode === set, mode);
      await page.goto(`${base}/desk/decisions`);
    };
    const { csrf_token: token } = await ask(page, '/api/v1/session');
    const made = await page.context().request.post(`${base}/api/v1/portfolios`, { data: { name: 'By hand' }, headers: { origin: base, 'x-csrf-token': token } });
    assert.ok(made.ok());
    const bought = (await ask(page, '/api/v1/decisions')).rows.find((row) => row.quantity === '3');
    await work('manual');
    await page.getByRole('button', { name: `Log the trade of ${bought.symbol}` }).click();
    await dialog.getByLabel('Portfolio').selectOption('By hand');
    await dialog.getByRole('button', { name: 'Log it' }).click();
    await page.getByRole('article').filter({ has: page.getByRole('link', { name: bought.symbol, exact: true }) }).locator('.state', { hasText: 'traded' }).waitFor();

    await work('dry_run');
    const [open] = (await ask(page, '/api/v1/decisions?waiting=true')).rows;
    await page.getByRole('button', { name: `Approve ${open.symbol}` }).click();
    await dialog.getByRole('button', { name: 'Try it' }).click();
    await page.getByText('nothing is kept: approved', { exact: false }).waitFor();
    assert.equal((await ask(page, `/api/v1/decisions/${open.id}`)).status, open.status);

    await page.goto(`${base}/desk/agents`);
    await page.getByRole('button', { name: 'Preset Cautious' }).click();
    await dialog.getByRole('button', { name: 'Set it' }).click();
    await page.getByText(/^\d agents changed\.$/).waitFor();
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Export' }).click()]);
    const text = readFileSync(await file.path(), 'utf8');
    await page.getByLabel('Import: the text of a file').fill(text.replace('[agent.catalyst]\nenabled = true\nweight = 1.0', '[agent.catalyst]\nenabled = true\nweight = 2.5'));
    await page.getByRole('button', { name: 'What would change' }).click();
    await page.getByText('weight 1 → 2.5').waitFor();
    await page.getByRole('button', { name: 'Set it' }).click();
    await page.getByText('1 agent changed.').waitFor();
    assert.equal((await ask(page, '/api/v1/agents/catalyst')).weight, 2.5);
    assert.deepEqual(complaints, []);
  });
});
