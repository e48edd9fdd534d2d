import { useState } from 'react';
import type { Trial } from '@/api/watchlist';
import { daysBetween } from '@/lib/day-series';
import { sentence, shortDate } from '@/lib/format';

const FIRST = 6;

/** How often it would have fired in the last year: in words, on a line of time, and the dates. */
export function TrialLine({ trial }: { trial: Trial }) {
  const [all, setAll] = useState(false);
  const { first_on: first, last_on: last, fired_on: dates } = trial;
  const newest = [...dates].reverse();
  const span = first && last ? Math.max(daysBetween(first, last), 1) : 1;
  return (
    <div className="trial" role="status">
      <p><b>{sentence(trial.words.charAt(0).toUpperCase() + trial.words.slice(1))}</b></p>
      {first && last && (
        <div className="trial-time">
          <span className="note">{shortDate(first)}</span>
          <svg viewBox="0 0 200 16" preserveAspectRatio="none" aria-hidden="true">
            <rect className="track" y="7" width="200" height="2" />
            {dates.map((day) => <rect key={day} className="fill" x={Math.min((daysBetween(first, day) / span) * 200, 198)} y="1" width="2" height="14" />)}
          </svg>
          <span className="note">{shortDate(last)}</span>
        </div>
      )}
      {dates.length > 0 && (
        <p className="note">
          {(all ? newest : newest.slice(0, FIRST)).map(shortDate).join(', ')}
          {!all && newest.length > FIRST && <> <button type="button" className="plain" onClick={() => setAll(true)}>all {newest.length}</button></>}
        </p>
      )}
    </div>
  );
}
