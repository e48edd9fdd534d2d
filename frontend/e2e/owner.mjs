/** Somebody who has logged in: the cookies, and pages seen with them. */

import assert from 'node:assert/strict';
import { openContext } from './browser.mjs';
import { base, visit } from './visit.mjs';

/** The cookies of somebody; best once for all tests, because attempts are counted. */
export async function logIn(browser, who) {
  const context = await openContext(browser);
  const answer = await context.request.post(`${base}/api/v1/session`, { data: who });
  assert.ok(answer.ok(), `logging in: ${answer.status()}`);
  const state = await context.storageState();
  await context.close();
  return state;
}

export const visitAs = (browser, state, path, look = {}) => visit(browser, path, { ...look, ...(state && { storageState: state }) });
