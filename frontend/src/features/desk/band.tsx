import { BANDS, bandName } from './desk-words';

/** In which band a score is. */
export function Band({ band }: { band: string }) {
  return <span className={`band ${BANDS[band]?.[1] ?? 'calm'}`}>{bandName(band)}</span>;
}
