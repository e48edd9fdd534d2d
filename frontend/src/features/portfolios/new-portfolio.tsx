import { Autocomplete, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type SyntheticEvent, useState } from 'react';
import { useChange } from '@/api/change';
import { knownSymbolsQuery } from '@/api/known-symbols';
import { makePortfolio } from '@/api/portfolios';
import { inFull } from '@/ui/confirm';
import { RightButton } from '@/ui/rights';
import { Said } from '@/ui/states';

const route = getRouteApi('/portfolios');
const CURRENCIES = ['USD', 'EUR', 'GBP', 'CHF', 'JPY', 'CAD', 'AUD', 'SEK', 'NOK', 'DKK', 'PLN', 'HKD', 'SGD'];

/** Name, currency and benchmark of a portfolio that is to be; its page then takes a file or trades. */
export function NewPortfolio() {
  const [name, setName] = useState('');
  const [currency, setCurrency] = useState('USD');
  const [benchmark, setBenchmark] = useState('');
  const known = useQuery(knownSymbolsQuery).data;
  const make = useChange(makePortfolio, ['portfolios']);
  const navigate = route.useNavigate();
  const ready = name.trim() !== '' && /^[A-Z]{3}$/.test(currency);
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    if (!ready) return;
    make.mutate(
      { name: name.trim(), base_currency: currency, benchmark: benchmark.trim().toUpperCase() || null },
      {
        onSuccess: ({ id }) => void navigate({ to: '/portfolios/$portfolio', params: { portfolio: id }, search: { tab: 'imports' } }),
      },
    );
  };
  return (
    <form onSubmit={submit} className="card builder form" aria-labelledby="new-portfolio">
      <h2 id="new-portfolio">New portfolio</h2>
      <div className="in-row three">
        <TextInput label="Name" required maxLength={80} value={name} onChange={(e) => setName(e.currentTarget.value)} placeholder="Long term" />
        <Autocomplete
          label="Base currency"
          description="Values and returns are in it."
          required
          maxLength={3}
          data={CURRENCIES}
          value={currency}
          onChange={(text) => setCurrency(text.toUpperCase())}
        />
        <Autocomplete
          label="Benchmark (may stay empty)"
          description="A symbol to compare with; empty: the market’s."
          maxLength={32}
          limit={12}
          data={known ? [...known.keys()] : []}
          value={benchmark}
          onChange={setBenchmark}
        />
      </div>
      <p className="note">Next you choose a file to import, or enter trades by hand.</p>
      {make.error && <p role="alert" className="form-error"><Said text={inFull(make.error)} /></p>}
      <div className="buttons">
        <RightButton right="write" type="submit" loading={make.isPending} disabled={!ready}>Make the portfolio</RightButton>
        <button type="button" className="plain" onClick={() => void navigate({ search: {} })}>Cancel</button>
      </div>
    </form>
  );
}
