/** Pages within others: found by Ctrl-K, not in the menu. */
export const INNER_PLACES = [
  { to: '/desk/decisions', label: 'Decisions', about: 'Desk: approve, reject, change, log trades' },
  { to: '/desk/queue', label: 'Research queue', about: 'Desk: symbols whose signals come together' },
  { to: '/desk/signals', label: 'Signals', about: 'Desk: what was noticed, and how it fades' },
  { to: '/desk/watchlist', label: 'Watchlist', about: 'Desk: conditions that are checked each night' },
  { to: '/desk/agents', label: 'Agents', about: 'Desk: who works there, weights, presets, track record' },
  { to: '/desk/log', label: 'Log', about: 'Desk: every change, and the inbox' },
] as const;
