import { expect, test } from 'vitest';
import { allowed, type Session } from './session';

const session = (over: Partial<Session>): Session => ({
  name: '', role: null, via: 'open', permissions: ['read'], csrf_token: null, expires_at: null, ...over,
});

test('what is permitted may be done', () => {
  expect(allowed(session({ permissions: ['read', 'write'] }), 'write')).toEqual({ may: true, why: '', login: false });
});

test('nobody yet: logging in could change it', () => {
  expect(allowed(session({}), 'write')).toMatchObject({ may: false, login: true });
  expect(allowed(session({ via: 'nobody', permissions: [] }), 'read').login).toBe(true);
});

test('a role that may not says whose it would be, and offers no login', () => {
  const found = allowed(session({ name: 'Vera', role: 'viewer', via: 'session' }), 'write');
  expect(found.why).toBe('Vera is a viewer: this needs somebody who may change boards, methods and prices (analyst or owner).');
  expect(found.login).toBe(false);
  expect(allowed(session({ name: 'Ann', role: 'analyst', via: 'session' }), 'admin').why).toContain('Ann is an analyst');
});

test('until it is known who reads, nothing may be done', () => {
  expect(allowed(undefined, 'read').may).toBe(false);
});
