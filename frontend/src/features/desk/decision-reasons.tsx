import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type Challenge, decisionQuery, type WholeDecision } from '@/api/decisions';
import { decimals, percent } from '@/lib/format';
import { exact, exactPrice } from '@/lib/money';
import { firstSentence } from '@/lib/sentences';
import { ErrorBox, Waiting } from '@/ui/states';
import { capital, title } from './desk-words';
import { Lines } from './lines';
import { outcomeInWords } from './outcome';
import { TextList } from './text-list';
import { VoteBars } from './vote-bars';
import { Voices } from './voices';
import { contraryTo, votesOf } from './votes';

const FIRST = 4;

/** Why it was decided so: votes, each analyst's word, what speaks against it, what cut its size. */
export function DecisionReasons({ id, symbol }: { id: string; symbol: string }) {
  const asked = useQuery(decisionQuery(id));
  if (asked.error) return <ErrorBox error={asked.error} again={() => void asked.refetch()} />;
  if (!asked.data) return <Waiting rows={3} height={60} />;
  const whole = asked.data;
  return (
    <div className="decision-why">
      <section aria-label={`Votes on ${symbol}`}>
        <h4>How the analysts voted</h4>
        <VoteBars votes={votesOf(whole.votes)} />
        <Lines lines={whole.said} />
        <Voices whole={whole} />
      </section>
      <section aria-label={`What speaks against it: ${symbol}`}>
        <h4>What speaks against it</h4>
        {whole.challenge && <Contrary challenge={whole.challenge} facts={contraryTo(whole.action, whole.opinions, whole.challenge.facts)} />}
        <Limits whole={whole} />
        <Ended whole={whole} />
      </section>
      <section className="all-across" aria-label={`Texts about ${symbol}`}>
        <h4>Texts about it <Link className="note" to="/desk/queue/$ticker" params={{ ticker: symbol }}>all its evidence</Link></h4>
        <TextList symbol={symbol}><p className="note">None is stored: it rests on prices, ranks and figures alone.</p></TextList>
      </section>
    </div>
  );
}

function Contrary({ challenge: { contrary_share: share, reason }, facts }: { challenge: Challenge; facts: Challenge['facts'] }) {
  const most = Math.max(...facts.map((one) => one.strength), 0.3);
  return (
    <>
      {facts.length === 0 && <p className="note">{share > 0 ? 'Only that those who say so are not wholly sure.' : 'Nothing was found.'}</p>}
      <ul className="contrary">
        {facts.slice(0, FIRST).map((one) => (
          <li key={`${one.source} ${one.text}`}>
            <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
              <rect className="track" width="100" height="8" />
              <rect className="minus" width={(one.strength / most) * 100} height="8" />
            </svg>
            <span>{capital(firstSentence(one.text))} <span className="note">({title(one.source.replace('.', ' '))}, strength {decimals(one.strength, 2)})</span></span>
          </li>
        ))}
        {facts.length > FIRST && <li className="more note">and {facts.length - FIRST} weaker</li>}
      </ul>
      <p className="note">{percent(share)} of everything that was weighed speaks against it. {capital(reason)}{reason.endsWith('.') ? '' : '.'}</p>
    </>
  );
}

function Limits({ whole: { size, exit, quantity_words: quantity, refused, proposed, currency } }: { whole: WholeDecision }) {
  const lines = [
    ...(size?.cuts.map((cut) => `${cut.reason}: cut from ${decimals(cut.from_pct, 1)} to ${decimals(cut.to_pct, 1)} %`) ?? []),
    exit?.reason ?? '',
    exit ? `at the target, ${decimals(exit.sell_at_target_pct, 0)} % is to be sold` : '',
    quantity,
    ...refused.map(([analyst, why]) => `${title(analyst ?? '')} was not counted: ${why ?? ''}`),
    proposed ? `proposed were ${[proposed.quantity && exact(proposed.quantity), proposed.entry_price && `at ${exactPrice(proposed.entry_price)}`, proposed.stop_loss && `stop ${exactPrice(proposed.stop_loss)}`, proposed.target && `target ${exactPrice(proposed.target)}`].filter(Boolean).join(', ')} ${currency ?? ''}` : '',
  ].filter(Boolean);
  if (!lines.length) return null;
  return (
    <>
      <h4>Size and exit</h4>
      <Lines lines={lines} />
    </>
  );
}

function Ended({ whole: { outcome, currency } }: { whole: WholeDecision }) {
  if (!outcome) return null;
  const { gain, note } = outcomeInWords(outcome, currency);
  return (
    <>
      <h4>How it ended</h4>
      <p><b className={outcome.gain_pct < 0 ? 'change down' : 'change up'}>{gain}</b> <span className="note">{note}</span></p>
    </>
  );
}
