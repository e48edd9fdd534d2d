import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useChange } from '@/api/change';
import { newKey } from '@/api/client';
import { askJob, isOpen, type Job, jobsQuery } from '@/api/jobs';
import { counted, shortDate } from '@/lib/format';
import { inFull } from '@/ui/confirm';
import { RightButton, RightNote } from '@/ui/rights';
import { Said } from '@/ui/states';

/** A job for each night, the oldest first; for the newest session where none is due. */
async function askNights(due: readonly string[]): Promise<Job['id'][]> {
  const asked: Job['id'][] = [];
  for (const on of due.length ? due : [null]) asked.push((await askJob({ kind: 'night', on, key: newKey() })).id);
  return asked;
}

/** Asks for the nights that are due, or for the newest; says how far it is. */
export function AskNight({ due }: { due: string[] }) {
  const client = useQueryClient();
  const ask = useChange(askNights, ['jobs']);
  const jobs = useQuery(jobsQuery).data?.rows.filter((job) => job.kind === 'night') ?? [];
  const running = jobs.find(isOpen);
  const failed = jobs.find((job) => job.problem && ask.data?.includes(job.id));
  const was = useRef(false);
  useEffect(() => {
    if (was.current && !running) void client.invalidateQueries({ queryKey: ['desk'] }); // it has ended
    was.current = running !== undefined;
  }, [running, client]);
  const [first, newest] = [due[0], due.at(-1)];
  return (
    <div className="ask-night no-print">
      {first && newest && (
        <p>
          {counted(due.length, 'night')} {due.length === 1 ? 'is' : 'are'} due: <b>{shortDate(first)}{first !== newest && ` to ${shortDate(newest)}`}</b>.
        </p>
      )}
      {running ? (
        <p role="status" className="note">
          {running.state === 'queued' ? 'A night waits for its turn' : running.message ?? 'A night is being worked through'}
          {running.progress && running.progress.total > 0 && `, ${running.progress.done} of ${running.progress.total} ${running.progress.unit}`}…
        </p>
      ) : (
        <RightButton right="write" loading={ask.isPending} onClick={() => ask.mutate(due)}>
          {due.length > 1 ? 'Work through them' : 'Work through the night'}
        </RightButton>
      )}
      <RightNote right="write" what="Asking for a night is not for you." />
      {ask.error && <p role="alert" className="form-error"><Said text={inFull(ask.error)} /></p>}
      {failed?.problem && <p role="alert" className="form-error"><Said text={[failed.problem.what, failed.problem.mend].filter(Boolean).join(': ')} /></p>}
    </div>
  );
}
