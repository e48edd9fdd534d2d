import { useSession } from '@/api/session';
import { askLogin } from '@/lib/wish';
import { useTitle } from '@/ui/use-title';
import { About } from './about';
import { Appearance } from './appearance';
import { CacheStatus } from './cache-status';
import { Keys } from './keys';
import { Password } from './password';
import { Users } from './users';

/** One's account, keys and users; how it looks; what runs here. */
export function SettingsPage() {
  const session = useSession();
  useTitle('Settings');
  const loggedIn = session?.via === 'session' || session?.via === 'key';
  return (
    <>
      <div className="page-head">
        <div>
          <h1>Settings</h1>
          {session && (
            <p className="lead">
              {loggedIn ? <>Logged in as <b>{session.name}</b> (role: {session.role}).</> : session.via === 'open' ? 'Nobody has to log in to read here.' : 'You are not logged in.'}{' '}
              {!loggedIn && <button type="button" className="plain" onClick={askLogin}>{session.via === 'open' ? 'How to become the owner' : 'Log in'}</button>}
            </p>
          )}
        </div>
      </div>
      <div className="settings">
        <Appearance />
        <Password />
        <Keys />
        <Users />
        <CacheStatus />
        <About />
      </div>
    </>
  );
}
