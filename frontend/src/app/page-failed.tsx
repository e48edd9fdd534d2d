import { Button } from '@mantine/core';
import { Empty, ErrorBox } from '@/ui/states';

/** A page that could not be shown: its code did not come, or it broke. */
export function PageFailed({ error, reset }: { error: unknown; reset: () => void }) {
  if (error instanceof Error && /dynamically imported module|module script/i.test(error.message)) {
    return (
      <Empty title="This page could not be fetched">
        <h1 className="hidden">Not fetched</h1>
        <p>The server is away for the moment, or it was updated since this page was opened.</p>
        <Button variant="default" onClick={() => window.location.reload()}>Load it anew</Button>
      </Empty>
    );
  }
  return <ErrorBox error={error instanceof Error ? error : new Error(String(error))} again={reset} />;
}
