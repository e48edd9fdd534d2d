import { useQuery } from '@tanstack/react-query';
import { ApiError } from '@/api/client';
import { readyQuery } from '@/api/queries';
import { counted, instant, shortDate } from '@/lib/format';
import { isClosed } from '@/lib/market';

/** What must be known before any figure is believed. */
export function Banners() {
  const { data, error, dataUpdatedAt: now } = useQuery(readyQuery);
  const away = error instanceof ApiError && error.passing;
  return (
    <div role="region" aria-label="Notices" aria-live="polite">
      {away && (
        <div className="banner away">
          <b>{error.unreachable ? 'The server does not answer.' : 'The database does not answer.'}</b>{' '}
          {data ? 'What you see is from before. ' : ''}It is tried again every few seconds.
        </div>
      )}
      {data?.simulated && (
        <div className="banner simulated">
          <strong>SIMULATED</strong> An invented market: none of these prices is real.{' '}
          <span className="desk-only"><code>pacesetter import prices FILE</code> brings your own.</span>
        </div>
      )}
      {data?.as_of && data.stale && (
        <div className="banner stale">
          <span aria-hidden="true">⚠</span> <b>Not current:</b> {counted(data.stale_sessions ?? 0, 'completed session')}{' '}
          {data.stale_sessions === 1 ? 'is' : 'are'} newer than {shortDate(data.as_of)}.{' '}
          <span className="desk-only">
            Prices up to {shortDate(data.expected_session)} can be expected: import newer prices, or start Pacesetter with a
            source that fetches them.
          </span>
        </div>
      )}
      {data?.as_of && !data.stale && (
        <div className="banner closed">
          {isClosed(data.fresh_until, now) && <b>Market closed. </b>}
          Ranks of {shortDate(data.as_of)}’s final prices; the next are expected {instant(data.fresh_until)}.
        </div>
      )}
    </div>
  );
}
