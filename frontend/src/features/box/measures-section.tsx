import type { Box, BoxDetail } from '@/api/boxes';
import { type MeasureId, sayFigure, SINCE } from '@/lib/box-measures';
import { longDate, shortDate, words } from '@/lib/format';
import { Missing } from '@/ui/missing';

/** The observed figure behind a measure, where it is one itself. */
const OBSERVED: Partial<Record<string, string>> = {
  floor_price_usd: 'floor_price_usd',
  active_listings_count: 'active_listings_count',
  boxes_sold_per_day: 'boxes_sold',
  boxes_added_today: 'boxes_added',
};

/** Every measure of the day: what it is, how it is computed, and whose figure it is. */
export function MeasuresSection({ data: { measures, words: said, as_of: asOf }, day }: { data: BoxDetail; day: Box }) {
  return (
    <section className="card table-card" aria-labelledby="figures">
      <h2 id="figures">Figures {asOf && <span className="note">of {longDate(asOf)}</span>}</h2>
      <table className="plain-table box-figures">
        <thead>
          <tr>
            <th scope="col">Figure</th>
            <th scope="col" className="number">Value</th>
            <th scope="col" className="phone-gone">Whose figure</th>
          </tr>
        </thead>
        <tbody>
          {measures.map(({ name, title, unit, formula, about }) => (
            <tr key={name}>
              <th scope="row">
                <span title={about}>{title}</span>
                <span className="note block">{formula === 'as observed' ? about : <code>{formula}</code>}</span>
              </th>
              <td className="number">
                <Value id={name as MeasureId} unit={unit} day={day} said={said} />
                {OBSERVED[name] && <span className="phone-only"><span className="note block">{whose(name, day)}</span></span>}
              </td>
              <td className="note phone-gone">{whose(name, day)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="legend">Days of the last 30 with known sales: {day.n_observed}.</p>
    </section>
  );
}

function Value({ id, unit, day, said }: { id: MeasureId; unit: string; day: Box; said: Record<string, string> }) {
  const value = day[id];
  if (value == null) {
    const code = day.reasons[id] ?? '';
    const why = said[code] ?? (code ? words(code) : 'not known');
    return <><Missing why={why} /><span className="note block" aria-hidden="true">{why}</span></>;
  }
  const since = SINCE[id];
  const from = since && day[since];
  return (
    <>
      <b>{sayFigure(unit, value, true)}</b>
      {from && <span className="note block">since {shortDate(from)}</span>}
    </>
  );
}

function whose(name: string, day: Box): string {
  const field = OBSERVED[name];
  if (!field) return 'computed here';
  const source = day.sources[field];
  if (!source) return '';
  return source === 'manual' ? 'entered by hand' : source;
}
