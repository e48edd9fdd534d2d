import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useChange } from '@/api/change';
import { cacheQuery, warmCache } from '@/api/health';
import { counted, decimals, percent } from '@/lib/format';
import { inFull } from '@/ui/confirm';
import { ErrorBox, Waiting } from '@/ui/states';

/** How the kept answers are doing. */
export function CacheStatus() {
  const asked = useQuery(cacheQuery);
  const warm = useChange(warmCache, ['cache']);
  const kept = asked.data?.process;
  const redis = asked.data?.redis;
  const tried = kept ? kept.hits + kept.not_modified + kept.misses : 0;
  return (
    <section className="card" aria-labelledby="cache">
      <h2 id="cache">Cache</h2>
      <p className="about">What is published is answered from memory until something new is.</p>
      {asked.error && <ErrorBox error={asked.error} again={() => void asked.refetch()} />}
      {asked.isPending && <Waiting rows={3} height={28} />}
      {kept && (
        <dl className="facts-list">
          <div><dt>In memory</dt><dd>{counted(kept.entries, 'answer')}, {decimals(kept.bytes / 2 ** 20, 1)} of {decimals(kept.limit_bytes / 2 ** 20, 0)} MiB</dd></div>
          <div><dt>Answered from there</dt><dd>{tried ? `${percent((kept.hits + kept.not_modified) / tried)} of ${tried.toLocaleString('en-GB')}` : 'nothing asked yet'}</dd></div>
          <div><dt>Redis</dt><dd>{redis ? (redis.state === 'closed' ? `in use, ${counted(redis.hits, 'hit')}` : 'away: it is left alone and costs nothing') : 'not set up (PACESETTER_REDIS_URL)'}</dd></div>
          <div><dt>Warmed</dt><dd>{asked.data?.warmed ? `${asked.data.warmed.answers} of ${asked.data.warmed.of} in ${decimals(asked.data.warmed.took_s, 1)} s` : 'not yet'}</dd></div>
        </dl>
      )}
      {warm.error && <p role="alert" className="form-error">{inFull(warm.error)}</p>}
      <Button variant="default" size="sm" loading={warm.isPending} onClick={() => warm.mutate()}>Warm them now</Button>
    </section>
  );
}
