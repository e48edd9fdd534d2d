import type { Snapshot } from '@/api/portfolios';
import { CorrelationSection } from './correlation-section';
import { ExposureSection } from './exposure-section';
import { StressSection } from './stress-section';

/** What moves the portfolio, what would hurt it, and how alike its holdings are. */
export function RiskTab({ of }: { of: Snapshot }) {
  return (
    <>
      <ExposureSection of={of} />
      <StressSection of={of} />
      <CorrelationSection of={of.correlations} name={of.name} />
    </>
  );
}
