import { Spotlight, type SpotlightActionData, spotlight } from '@mantine/spotlight';
import '@mantine/spotlight/styles.css';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useMemo } from 'react';
import { knownSymbolsQuery } from '@/api/known-symbols';
import { portfoliosQuery } from '@/api/portfolios';
import { domainsQuery } from '@/api/queries';
import { aboutSymbols, ASK, askable, boxesOf, find } from './find';
import { INNER_PLACES } from './inner-places';
import { PLACES } from './places';

interface Props {
  /** Opens whenever it grows. */
  asked: number;
  query: string;
  onQuery: (query: string) => void;
  /** The field has the keyboard. */
  onReady: () => void;
}

/** Any board, any portfolio, any symbol or box by ticker or name, any page. */
export function FinderDialog({ asked, query, onQuery, onReady }: Props) {
  const domains = useQuery(domainsQuery).data?.domains;
  const known = useQuery(knownSymbolsQuery).data;
  const portfolios = useQuery(portfoliosQuery).data?.rows;
  const navigate = useNavigate();
  useEffect(() => spotlight.open(), [asked]);
  const actions = useMemo(() => {
    const boxes = boxesOf(domains ?? []);
    const boards = (domains ?? []).filter(({ slug }) => slug !== 'boxes').map<SpotlightActionData>((domain) => ({
      id: `board:${domain.slug}`,
      label: domain.name,
      description: domain.description ?? '',
      onClick: () => void navigate({ to: '/boards/$board', params: { board: domain.slug } }),
    }));
    const all = [...aboutSymbols(domains ?? [], known)];
    const sealed = all.filter(([symbol]) => boxes.has(symbol)).map<SpotlightActionData>(([symbol, about]) => ({
      id: `box:${symbol}`,
      label: symbol,
      description: about,
      onClick: () => void navigate({ to: '/boxes/$symbol', params: { symbol } }),
    }));
    const symbols = all.filter(([symbol]) => !boxes.has(symbol)).map<SpotlightActionData>(([ticker, about]) => ({
      id: `symbol:${ticker}`,
      label: ticker,
      description: about,
      onClick: () => void navigate({ to: '/symbols/$ticker', params: { ticker } }),
    }));
    const owned = (portfolios ?? []).map<SpotlightActionData>((one) => ({
      id: `portfolio:${one.id}`,
      label: one.name,
      description: 'portfolio',
      onClick: () => void navigate({ to: '/portfolios/$portfolio', params: { portfolio: one.id } }),
    }));
    const pages = [...PLACES, ...INNER_PLACES].map<SpotlightActionData>(({ to, label, about }) => ({
      id: `page:${to}`,
      label,
      description: about,
      onClick: () => void navigate({ to }),
    }));
    return [
      { group: 'Boards', actions: boards },
      { group: 'Portfolios', actions: owned },
      { group: 'Pages', actions: pages },
      { group: 'Symbols', actions: symbols },
      { group: 'Boxes', actions: sealed },
    ];
  }, [domains, known, portfolios, navigate]);
  const unknown = known && askable(query, known);
  const asking: SpotlightActionData[] = unknown
    ? [{ id: ASK, label: `Ask for ${unknown}`, description: 'Not known yet', onClick: () => void navigate({ to: '/onboarding', search: { symbols: unknown } }) }]
    : [];
  return (
    <Spotlight
      actions={asking.length ? [...actions, { group: 'Not known yet', actions: asking }] : actions}
      query={query}
      onQueryChange={onQuery}
      filter={find}
      shortcut={null}
      limit={30}
      highlightQuery
      scrollable
      maxHeight="60vh"
      nothingFound="No board, no symbol and no page of that name"
      searchProps={{
        placeholder: 'Board or symbol',
        'aria-label': 'Find a board, a symbol or a page',
        onFocus: ({ currentTarget: field }) => {
          field.setSelectionRange(field.value.length, field.value.length);
          onReady();
        },
        onKeyDown: (event) => {
          if (event.key === 'Enter' && !event.nativeEvent.isComposing) openFirst(event.currentTarget);
        },
      }}
    />
  );
}

/** Enter opens the first entry where none is chosen yet: the text was typed before the field was there, or names came after it. */
function openFirst(field: HTMLElement): void {
  const dialog = field.closest('[role="dialog"]');
  if (!dialog?.querySelector('[data-selected]')) dialog?.querySelector<HTMLElement>('[data-action]')?.click();
}
