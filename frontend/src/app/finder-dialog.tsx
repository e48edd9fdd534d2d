import { Spotlight, type SpotlightActionData, spotlight } from '@mantine/spotlight';
import '@mantine/spotlight/styles.css';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useMemo } from 'react';
import { type Domain, domainsQuery } from '@/api/queries';
import { PLACES } from './places';

/** Any board, any symbol that is on one, any page. Opens whenever `asked` grows. */
export function FinderDialog({ asked }: { asked: number }) {
  const domains = useQuery(domainsQuery).data?.domains;
  const navigate = useNavigate();
  useEffect(() => spotlight.open(), [asked]);
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
    const pages = PLACES.map<SpotlightActionData>(({ to, label, about }) => ({
      id: `page:${to}`,
      label,
      description: about,
      onClick: () => void navigate({ to }),
    }));
    return [
      { group: 'Boards', actions: boards },
      { group: 'Pages', actions: pages },
      { group: 'Symbols', actions: symbols },
    ];
  }, [domains, navigate]);
  return (
    <Spotlight
      actions={actions}
      shortcut={null}
      limit={30}
      highlightQuery
      scrollable
      maxHeight="60vh"
      nothingFound="No board, no symbol and no page of that name"
      searchProps={{ placeholder: 'Board or symbol', 'aria-label': 'Find a board, a symbol or a page' }}
    />
  );
}

/** Each symbol with the boards that it is on, by name. */
export function boardsOfSymbols(domains: Domain[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const domain of domains) {
    for (const ticker of domain.members) {
      const on = found.get(ticker);
      if (on) on.push(domain.name);
      else found.set(ticker, [domain.name]);
    }
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}
