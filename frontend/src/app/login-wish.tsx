import { lazy, Suspense } from 'react';
import { useLoginWished } from '@/lib/wish';

const LoginDialog = lazy(async () => ({ default: (await import('./login-dialog')).LoginDialog }));

/** The dialog, fetched when it is first wanted. */
export function LoginWish() {
  return useLoginWished() ? <Suspense><LoginDialog /></Suspense> : null;
}
