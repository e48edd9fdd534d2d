// Before the first paint: the colour scheme that was chosen, or the system's.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem('pacesetter-scheme');
  } catch {
    // storage is forbidden: the system's
  }
  const dark =
    chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
})();
