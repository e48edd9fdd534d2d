import { useQuery } from '@tanstack/react-query';
import type { Voice, WholeDecision } from '@/api/decisions';
import { type Opinion, opinionsQuery } from '@/api/signals';
import { decimals, percent, withDays, words } from '@/lib/format';
import { firstSentence } from '@/lib/sentences';
import { ACTIONS, title } from './desk-words';
import { Lines } from './lines';
import { ToldText } from './told-text';
import { byWeight } from './votes';

/** Each analyst's word, who counted most first; opened, all of it, and how its score came about. */
export function Voices({ whole }: { whole: WholeDecision }) {
  const opinions = useQuery(opinionsQuery(whole.symbol, whole.decided_on)).data?.rows ?? [];
  const on = new Map(opinions.filter((one) => one.analysed_on === whole.decided_on).map((one) => [one.analyst, one]));
  return (
    <ul className="voices">
      {byWeight(whole.opinions, whole.votes).map((one) => <VoiceRow key={one.analyst} voice={one} counted={whole.votes.counted[one.analyst]} opinion={on.get(one.analyst)} />)}
    </ul>
  );
}

interface Props {
  voice: Voice;
  counted: number | undefined;
  /** The same opinion as it is stored by itself: its tests, and what a language model added. */
  opinion: Opinion | undefined;
}

function VoiceRow({ voice, counted, opinion }: Props) {
  const [word, tone] = ACTIONS[voice.recommendation] ?? [voice.recommendation, 'calm'];
  const reasoning = withDays(voice.reasoning);
  const first = firstSentence(reasoning);
  return (
    <li>
      <details>
        <summary>
          <span className="voice-head">
            <b>{title(voice.analyst)}</b> <span className={`state ${tone}`}>{word}</span>
            <span className="note figure">score {decimals(voice.score, 0)} of 100, {percent(voice.confidence)} sure</span>
          </span>
          <span className="note block">{first}</span>
        </summary>
        <p className="voice-rest">{reasoning.slice(first.length)}</p>
        <Lines lines={voice.risks} />
        {opinion && opinion.points.length > 0 && <Tests points={opinion.points} />}
        {opinion?.told && <ToldText told={opinion.told} />}
        {counted !== undefined && <p className="note">Its word counted {decimals(counted, 2)}: its weight × how sure it is.</p>}
      </details>
    </li>
  );
}

function Tests({ points }: Pick<Opinion, 'points'>) {
  return (
    <dl className="tests" aria-label="How its score came about">
      {points.map((one) => (
        <div key={one.test}>
          <dt>{words(one.test)}</dt>
          <dd>
            <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
              <rect className="track" width="100" height="8" />
              <rect className={one.points < 0 ? 'minus' : 'plus'} width={one.limit ? Math.min(100, (Math.abs(one.points) / Math.abs(one.limit)) * 100) : 0} height="8" />
            </svg>
            <span>{decimals(one.points, 1)} of {decimals(one.limit, 0)}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}
