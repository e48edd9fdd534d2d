import { Popover } from '@mantine/core';
import { useRef, useState } from 'react';
import type { Row } from '@/api/queries';
import { useEscape } from '@/lib/keys';
import { ContributionBars, contributionsInWords } from '@/ui/contribution-bars';
import { FactorTable } from '@/ui/factor-table';

/** What a rank is made of: small bars, and behind them the figures. */
export function WhyCell({ row }: { row: Row }) {
  const [open, setOpen] = useState(false);
  const wasOpen = useRef(false); // a press on the button closes the figures before its click arrives
  useEscape(open, () => setOpen(false));
  if (row.rank == null) return null;
  const label = `Why ${row.symbol} is at ${row.rank}`;
  return (
    <>
      <button
        type="button"
        className="why"
        aria-expanded={open}
        aria-label={`${label}: ${contributionsInWords(row.factors)}`}
        onPointerDown={() => (wasOpen.current = open)}
        onClick={() => {
          setOpen(!wasOpen.current);
          wasOpen.current = false;
        }}
      >
        <ContributionBars factors={row.factors} />
      </button>
      {/* Made only when it is asked for: thousands of rows scroll by. */}
      {open && (
        <Popover opened onChange={setOpen} position="bottom-end" shadow="md" trapFocus returnFocus width="min(34rem, 94vw)">
          <Popover.Target><span className="anchor" /></Popover.Target>
          <Popover.Dropdown aria-label={label}>
            <FactorTable factors={row.factors} composite={row.composite} coverage={row.coverage} caption={`Figures: ${label}`} />
          </Popover.Dropdown>
        </Popover>
      )}
    </>
  );
}
