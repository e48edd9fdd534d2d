import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type SignalRule, signalRulesQuery, type SignalRules as Rules } from '@/api/signals';
import { counted, decimals, percent, sentence, words } from '@/lib/format';
import { ErrorBox, Waiting } from '@/ui/states';
import { curvePath, dayBelow } from './decay';
import { bandName, title } from './desk-words';

const [WIDTH, HEIGHT] = [180, 44];

/** The rules by which signals count and fade. */
export function SignalRules() {
  const asked = useQuery(signalRulesQuery);
  if (asked.error) return <ErrorBox error={asked.error} again={() => void asked.refetch()} />;
  if (!asked.data) return <Waiting rows={6} height={80} />;
  return (
    <>
      <Sum rules={asked.data} />
      <ul className="rule-list">{asked.data.rows.map((rule) => <RuleCard key={rule.signal_type} rule={rule} />)}</ul>
    </>
  );
}

function Sum({ rules }: { rules: Rules }) {
  return (
    <section className="card" aria-labelledby="sum">
      <h2 id="sum">How they add up</h2>
      <p>What is left of all signals of a symbol, summed, × the market’s factor × its sector’s × a bonus for several kinds.</p>
      <dl className="facts-list">
        <div><dt>Market</dt><dd>{rules.regimes.map(({ name, factor }) => `${words(name)} × ${decimals(factor, 2)}`).join(', ')}</dd></div>
        <div><dt>Sector</dt><dd>{rules.sectors.map(({ name, factor }) => `${words(name)} × ${decimals(factor, 2)}`).join(', ')}</dd></div>
        <div><dt>Kinds</dt><dd>{rules.bonus.map(({ name, factor }, i) => `${name}${i === rules.bonus.length - 1 ? ' or more' : ''} × ${decimals(factor, 2)}`).join(', ')}; a kind counts while {percent(rules.kind_counts_from)} of a signal is left</dd></div>
        <div><dt>Bands</dt><dd>{rules.bands.map(({ name, score_from: from }) => `${bandName(name)} from ${decimals(from, 0)}`).join(', ')}</dd></div>
        <div><dt>Queue</dt><dd>enters at {decimals(rules.enter_at, 0)}, goes on at {decimals(rules.promote_at, 0)}, waits {counted(rules.most_days, 'day')} at most; the best {rules.go_on} of a night go to the analysts</dd></div>
      </dl>
    </section>
  );
}

function RuleCard({ rule }: { rule: SignalRule }) {
  const { curve } = rule.decay;
  const half = dayBelow(curve, 0.5);
  return (
    <li className="card rule">
      <h3><Link to="/desk/signals" search={{ type: rule.signal_type }} data-row={rule.signal_type}>{title(rule.signal_type)}</Link></h3>
      <p className="note">{decimals(rule.base_score, 0)} points at most. {sentence(upper(rule.decay.words))}</p>
      <figure>
        <svg viewBox={`-2 -2 ${WIDTH + 4} ${HEIGHT + 4}`} role="img" aria-label={`Share left by day, 0 to ${curve.length - 1}: ${half === null ? 'half or more is left on all of them' : `less than half from day ${half} on`}`}>
          <path className="area" d={`${curvePath(curve, WIDTH, HEIGHT)}L${WIDTH} ${HEIGHT}L0 ${HEIGHT}Z`} />
          <path className="line" d={curvePath(curve, WIDTH, HEIGHT)} />
          <line className="axis" x2={WIDTH} y1={HEIGHT} y2={HEIGHT} />
        </svg>
        <figcaption className="note" aria-hidden="true"><span>day 0</span><span>{curve.length - 1}</span></figcaption>
      </figure>
      <p className="note">{rule.agents.length ? `Noticed by ${rule.agents.map(words).join(', ')}.` : 'Comes by files, or from people.'}</p>
    </li>
  );
}

const upper = (said: string): string => said.charAt(0).toUpperCase() + said.slice(1);
