/** Somebody who has logged in: the cookies, and pages seen with them. */

import assert from 'node:assert/strict';
import { openPage } from './browser.mjs';
import { base } from './visit.mjs';

/** The cookies of somebody; best once for all tests, because attempts are counted. */
export async function logIn(browser, who) {
  const context = await browser.newContext();
  const answer = await context.request.post(`${base}/api/v1/session`, { data: who });
  assert.ok(answer.ok(), `logging in: ${answer.status()}`);
  const state = await context.storageState();
  await context.close();
  return state;
}

export async function visitAs(browser, state, path, look = {}) {
  const opened = await openPage(browser, { ...look, ...(state && { storageState: state }) });
  const { page } = opened;
  await page.goto(base + path);
  await page.waitForSelector('main h1');
  await page.waitForLoadState('networkidle');
  return opened;
}
