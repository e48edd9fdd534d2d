/** What the API's times say of the exchange. */

const SESSION_MS = 7 * 3_600_000; // the longest session of a day, and the wait for its final prices

/**
 * Whether the exchange is surely closed: the session whose prices come next has not begun. A day
 * with an early close has the shorter session, so in its hours before the opening this says no.
 */
export function isClosed(freshUntil: string, now: number): boolean {
  return Date.parse(freshUntil) - now > SESSION_MS;
}
