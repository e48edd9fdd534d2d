import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type Exposure, exposuresQuery } from '@/api/exposures';
import { useMay } from '@/api/session';
import { longDate, percent } from '@/lib/format';
import { ExposureBars, type ExtraColumn } from '@/ui/exposure-bars';
import { ErrorBox, Waiting } from '@/ui/states';
import { ExposureHistory } from './exposure-history';
import { ExposureMethod } from './exposure-method';
import { isHigh, missingFunds, sessionsInWords, vifInWords } from './exposure-words';

const Whole = ({ children }: { children: string }): React.ReactNode => <span className="nowrap">{children}</span>;

const FIGURES: ExtraColumn<Exposure>[] = [
  { head: 'r²', title: 'Share of its variance that is explained; of the styles by all six together', cell: (row) => <Whole>{percent(row.r2)}</Whole> },
  { head: 'Sessions', title: 'Sessions that counted, of those looked at', deskOnly: true, cell: (row) => <Whole>{sessionsInWords(row)}</Whole> },
  {
    head: 'VIF',
    title: 'Variance inflation factor: how much it moving with the other styles swells the variance; 1 is none, above 10 is high',
    deskOnly: true,
    cell: (row) => <Whole>{vifInWords(row.vif)}</Whole>,
  },
];

/** How much a symbol moves with the market, with rates and with styles; how sure that is; how it is computed; how it was. */
export function ExposureSection({ ticker }: { ticker: string }) {
  const asked = useQuery(exposuresQuery(ticker));
  const rows = asked.data?.rows ?? [];
  const newest = rows[0];
  return (
    <section className="card" aria-labelledby="exposures">
      <h2 id="exposures">Exposures {newest && <span className="note">{longDate(newest.on)}</span>}</h2>
      <p className="about">How much {ticker} moves with each factor. A bar is the estimate, the thin line over it the 95 % range.</p>
      {asked.error && <ErrorBox error={asked.error} again={() => void asked.refetch()} />}
      {asked.isPending && <Waiting rows={8} height={28} />}
      {asked.data && !newest && !asked.error && <p className="note">There are no prices yet to measure exposures on.</p>}
      {newest && !asked.error && (
        <>
          <MissingFunds rows={rows} />
          <ExposureBars rows={rows} caption={`Exposures of ${ticker}`} extra={FIGURES} />
          {rows.some((row) => isHigh(row.vif)) && (
            <p className="note">VIF high: the styles move so much alike here that what each adds by itself is hard to tell. Their range is wide for that reason.</p>
          )}
          <ExposureMethod rows={rows} />
          <ExposureHistory ticker={ticker} rows={rows} />
        </>
      )}
    </section>
  );
}

/** Without the prices of its fund, a factor cannot be measured for any symbol. */
function MissingFunds({ rows }: { rows: Exposure[] }) {
  const { may } = useMay('write');
  const funds = missingFunds(rows);
  if (!funds.length) return null;
  return (
    <p className="named warn">
      <b>Prices of {funds.join(', ')} are missing:</b> the factors that they stand for cannot be measured.{' '}
      {may && <Link to="/onboarding" search={{ symbols: funds.join(',') }}>Ask for them</Link>}
    </p>
  );
}
