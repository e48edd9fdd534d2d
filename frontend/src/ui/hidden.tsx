import type { ReactNode } from 'react';

/** Said by screen readers, not shown. */
export function Hidden({ children }: { children: ReactNode }) {
  return <span className="hidden">{children}</span>;
}
