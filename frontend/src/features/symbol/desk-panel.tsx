import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { deskQuery } from '@/api/desk';

const DeskSection = lazy(() => import('./desk-section'));

/** What the desk knows of a symbol, where it has ever worked. */
export function DeskPanel({ ticker }: { ticker: string }) {
  const worked = useQuery(deskQuery).data?.night;
  return worked ? <Suspense><DeskSection ticker={ticker} /></Suspense> : null;
}
