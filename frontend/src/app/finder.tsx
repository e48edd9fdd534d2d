import { Kbd } from '@mantine/core';
import { Spotlight, type SpotlightActionData, spotlight } from '@mantine/spotlight';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { type Domain, domainsQuery } from '@/api/queries';

export function FinderButton() {
  return (
    <button type="button" className="finder" onClick={spotlight.open} aria-keyshortcuts="Control+K Meta+K">
      <span aria-hidden="true">⌕</span> <span>Find<span className="desk-only"> a board or symbol</span></span>
      <span className="desk-only" aria-hidden="true"><Kbd size="xs">Ctrl K</Kbd></span>
    </button>
  );
}

/** Ctrl-K: any board, any symbol that is on one. */
export function Finder() {
  const domains = useQuery(domainsQuery).data?.domains;
  const navigate = useNavigate();
  const actions = useMemo(() => {
    const boards = (domains ?? []).map<SpotlightActionData>((domain) => ({
      id: `board:${domain.slug}`,
      label: domain.name,
      description: domain.description ?? '',
      onClick: () => void navigate({ to: '/boards/$board', params: { board: domain.slug } }),
    }));
    const symbols = [...boardsOfSymbols(domains ?? [])].map<SpotlightActionData>(([ticker, on]) => ({
      id: `symbol:${ticker}`,
      label: ticker,
      description: `on ${on.join(', ')}`,
      onClick: () => void navigate({ to: '/symbols/$ticker', params: { ticker } }),
    }));
    return [
      { group: 'Boards', actions: boards },
      { group: 'Symbols', actions: symbols },
    ];
  }, [domains, navigate]);
  return (
    <Spotlight
      actions={actions}
      shortcut={['mod + K']}
      limit={30}
      highlightQuery
      scrollable
      maxHeight="60vh"
      nothingFound="No board and no symbol of that name"
      searchProps={{ placeholder: 'Board or symbol', 'aria-label': 'Find a board or symbol' }}
    />
  );
}

/** Each symbol with the boards that it is on, by name. */
export function boardsOfSymbols(domains: Domain[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const domain of domains) {
    for (const ticker of domain.members) found.set(ticker, [...(found.get(ticker) ?? []), domain.name]);
  }
  return new Map([...found].sort(([a], [b]) => a.localeCompare(b)));
}
