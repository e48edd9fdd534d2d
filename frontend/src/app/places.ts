/** The pages besides the boards, in the order of the menu. */

export const PLACES = [
  { to: '/desk', label: 'Desk', about: 'What the night found, and what waits for your answer' },
  { to: '/portfolios', label: 'Portfolios', about: 'What you own, what it earned and what moves it' },
  { to: '/boxes', label: 'Boxes', about: 'Sealed boxes by what is sold of them' },
  { to: '/screener', label: 'Screener', about: 'The day’s figures of every symbol' },
  { to: '/compare', label: 'Compare', about: 'Symbols side by side' },
  { to: '/what-if', label: 'What-if', about: 'Try other weights and see who moves' },
  { to: '/validation', label: 'Validation', about: 'Whether scores said anything of what followed' },
  { to: '/domains', label: 'Boards of your own', about: 'Make and change boards' },
  { to: '/onboarding', label: 'Add symbols', about: 'Ask for symbols that are not known yet' },
  { to: '/jobs', label: 'Jobs & data', about: 'Work in progress, freshness, prices held back' },
  { to: '/settings', label: 'Settings', about: 'Account, keys, users, appearance' },
] as const;
