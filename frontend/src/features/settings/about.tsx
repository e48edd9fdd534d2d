import { useQuery } from '@tanstack/react-query';
import { readyQuery } from '@/api/queries';
import { instant, shortDate } from '@/lib/format';
import { Waiting } from '@/ui/states';

const SOURCES: Record<string, string> = {
  yahoo: 'Yahoo Finance, fetched over the network: free, unofficial, for your own use',
  files: 'files that you imported',
  simulated: 'an invented market: none of the prices is real',
};

/** What runs here, and where its prices come from. */
export function About() {
  const ready = useQuery(readyQuery).data;
  if (!ready) return <Waiting rows={3} height={28} />;
  return (
    <section className="card" aria-labelledby="about">
      <h2 id="about">About</h2>
      <dl className="facts-list">
        <div><dt>Version</dt><dd>Pacesetter {ready.version}</dd></div>
        <div><dt>Prices from</dt><dd>{ready.source ? (SOURCES[ready.source] ?? ready.source) : ready.simulated ? SOURCES.simulated : 'what is stored'}</dd></div>
        <div><dt>Newest ranks</dt><dd>{ready.as_of ? shortDate(ready.as_of) : 'none yet'}</dd></div>
        <div><dt>Next prices</dt><dd>expected {instant(ready.fresh_until)}</dd></div>
        <div><dt>For programs</dt><dd><a href="/api/v1/openapi.json">description of the API</a></dd></div>
      </dl>
      <p className="note">Suspicious prices are held back until somebody decides; they stand under Jobs &amp; data. Nothing here is investment advice.</p>
    </section>
  );
}
