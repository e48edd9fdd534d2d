import { Popover, UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import type { Row } from '@/api/queries';
import { ContributionBars, contributionsInWords } from '@/ui/contribution-bars';
import { FactorTable } from '@/ui/factor-table';

/** What a rank is made of: small bars, and behind them the figures. */
export function WhyCell({ row }: { row: Row }) {
  const [open, setOpen] = useState(false);
  if (row.rank == null) return null;
  const label = `Why ${row.symbol} is at ${row.rank}`;
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-end" shadow="md" withArrow trapFocus returnFocus width="min(34rem, 94vw)">
      <Popover.Target>
        <UnstyledButton
          className="why"
          aria-label={`${label}: ${contributionsInWords(row.factors)}`}
          onClick={() => setOpen(!open)}
        >
          <ContributionBars factors={row.factors} />
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown aria-label={label}>
        {open && (
          <FactorTable factors={row.factors} composite={row.composite} coverage={row.coverage} caption={`Figures: ${label}`} />
        )}
      </Popover.Dropdown>
    </Popover>
  );
}
