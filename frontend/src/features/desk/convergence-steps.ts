import type { Step } from '@/charts/waterfall';
import type { Convergence } from '@/api/signals';
import { counted, decimals, percent, signed } from '@/lib/format';
import { title } from './desk-words';

type Told = Pick<Convergence, 'parts' | 'decayed_sum' | 'regime' | 'regime_multiplier' | 'sector_favour' | 'sector_multiplier' | 'kinds' | 'bonus'>;

/** A score as steps that add up to it: what is left of each signal, then what each multiplier adds to the sum so far. */
export function stepsOf(told: Told): Step[] {
  const signals = told.parts.map((part) => ({
    label: part.age_days ? `${title(part.signal_type)}, ${counted(part.age_days, 'day')} old` : title(part.signal_type),
    share: part.decayed,
    said: signed(part.decayed, 1),
    note: `${decimals(part.base_score, 1)} × ${percent(part.decay_factor)}`,
  }));
  let sum = told.decayed_sum;
  const times = (label: string, factor: number): Step => {
    const share = sum * (factor - 1);
    sum *= factor;
    return { label: `${label} × ${decimals(factor, 2)}`, share, said: signed(share, 1) };
  };
  return [
    ...named(signals),
    times(`Market ${told.regime ?? ''}`.trim(), told.regime_multiplier),
    times(`Sector ${told.sector_favour ?? ''}`.trim(), told.sector_multiplier),
    times(counted(told.kinds.length, 'kind'), told.bonus),
  ];
}

/** Signals of one kind and age are told apart by a number: each row has a name of its own. */
function named(steps: Step[]): Step[] {
  const seen = new Map<string, number>();
  return steps.map((step) => {
    const n = (seen.get(step.label) ?? 0) + 1;
    seen.set(step.label, n);
    return n > 1 ? { ...step, label: `${step.label} (${n})` } : step;
  });
}
