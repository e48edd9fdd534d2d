import { Button, Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';
import { ApiError } from '@/api/client';
import { longDay, sentence } from '@/lib/format';
import { askLogin } from '@/lib/wish';

/** Text in which `this` is code. */
export function Said({ text }: { text: string }) {
  return text.split('`').map((part, i) => (i % 2 ? <code key={i}>{part}</code> : part));
}

const HEADINGS: Record<number, string> = {
  401: 'Please log in',
  403: 'You may not see this',
  404: 'There is no such thing',
  422: 'That cannot be shown',
  503: 'The database does not answer',
};

/** The session that a refusal of a date names instead. */
export function namedSession(error: Error): string | undefined {
  if (!(error instanceof ApiError) || error.status >= 500) return undefined;
  return /session(?: before it)? is (\d{4}-\d{2}-\d{2})/.exec(error.mend)?.[1];
}

/** Whether the same question may get another answer: what was refused as it is stays refused. */
export function mayPass(error: Error): boolean {
  return !(error instanceof ApiError) || error.status < 400 || error.status >= 500 || [408, 409, 425, 429].includes(error.status);
}

interface ErrorProps {
  error: Error;
  again?: () => void;
  /** Goes to a session, where the page has one. */
  onDay?: (day: string) => void;
}

/** What went wrong, where, and how it is mended. */
export function ErrorBox({ error, again, onDay }: ErrorProps) {
  const day = onDay && namedSession(error);
  const said = error instanceof ApiError ? error : null;
  const heading = said ? (HEADINGS[said.status] ?? said.title) : 'The page failed';
  return (
    <section className="message" role="alert">
      <h2>{heading}</h2>
      <p><Said text={error.message} /></p>
      {said?.where && <p>Where: <code>{said.where}</code></p>}
      {said?.status === 503 && <p>Nothing is lost. This page tries again by itself.</p>}
      {said?.mend && <p><Said text={said.mend} /></p>}
      {said?.status === 401 ? (
        <Button onClick={askLogin}>Log in</Button>
      ) : (
        again && mayPass(error) && <Button variant="default" onClick={again}>Try again</Button>
      )}
      {day && <Button onClick={() => onDay(day)}>Show {longDay(day)}</Button>}
    </section>
  );
}

/** What one has to know to read a page, below what else there is to say of it. */
export function Remarks({ remarks, children }: { remarks: readonly string[]; children?: ReactNode }) {
  if (!remarks.length && !children) return null;
  return (
    <div className="stale-note" role="note">
      {children}
      {remarks.map((one) => <p key={one}><Said text={sentence(one)} /></p>)}
    </div>
  );
}

/** Nothing to show, and what would change that. */
export function Empty({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="message">
      <h2>{title}</h2>
      {children}
    </section>
  );
}

/** Grey rows in the place of those to come. */
export function Waiting({ rows = 6, height = 44 }: { rows?: number; height?: number }) {
  return (
    <div className="waiting" role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, i) => (
        <Skeleton key={i} height={height} radius="sm" />
      ))}
    </div>
  );
}
