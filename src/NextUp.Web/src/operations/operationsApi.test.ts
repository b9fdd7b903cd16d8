import { expect, test } from 'vitest';
import { Problem, Unreachable } from '../problem';
import { OperationsApi, SettingsRefused } from './operationsApi';
import { findSettings } from './SettingsPanel';

function api(status: number, answer: unknown, token: string | null = 'abc') {
  const refused: Problem[] = [];
  const sent: { path: string; authorization: string | null }[] = [];
  const send = ((path: string, init?: RequestInit) => {
    sent.push({ path, authorization: new Headers(init?.headers).get('Authorization') });
    if (status === 0) return Promise.reject(new TypeError('failed'));
    return Promise.resolve(new Response(JSON.stringify(answer), { status, headers: { 'content-type': 'application/json' } }));
  }) as typeof fetch;
  return { sent, refused, it: new OperationsApi(() => token, (problem) => refused.push(problem), send) };
}

const problem = (status: number, detail: string) => ({ title: 'No', status, detail, code: 'x' });

test('A refused reload gives each fault as a sentence', async () => {
  const faults = [{ key: 'a', text: 'a is wrong.' }, { key: 'b', text: 'b is wrong.' }];
  const { it, refused } = api(422, { ...problem(422, 'Nothing was changed.'), faults });
  const error = await it.reload().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(SettingsRefused);
  expect((error as SettingsRefused).faults).toEqual(['a is wrong.', 'b is wrong.']);
  expect(refused).toEqual([]);
});

test('Another unusable request stays a plain problem', async () => {
  const error = await api(422, problem(422, 'There is no kind "x".')).it.pause({ scope: 'queue' }, '').catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Problem);
  expect(error).not.toBeInstanceOf(SettingsRefused);
  expect((error as Problem).detail).toBe('There is no kind "x".');
});

test.each([401, 403])('An answer of %d says that the caller is no operator any more', async (status) => {
  const { it, refused } = api(status, problem(status, 'Not for you.'));
  await expect(it.overview()).rejects.toBeInstanceOf(Problem);
  expect(refused.map((one) => one.detail)).toEqual(['Not for you.']);
});

test('A server that is away refuses nobody', async () => {
  const { it, refused } = api(0, null);
  await expect(it.steering()).rejects.toBeInstanceOf(Unreachable);
  expect(refused).toEqual([]);
});

test('The token goes along, and without one the session of the browser speaks', async () => {
  const steering = { pauses: [], slots: 1 };
  const withToken = api(200, steering);
  await withToken.it.steering();
  expect(withToken.sent).toEqual([{ path: '/api/v1/operations/steering', authorization: 'Bearer abc' }]);
  const without = api(200, steering, null);
  await without.it.steering();
  expect(without.sent[0]?.authorization).toBeNull();
});

test('Who is an operator is said by the role', async () => {
  const me = (role: string) => ({ user: { kind: 'account', name: 'ann' }, role, signIn: { byToken: true, path: '/sign-in' } });
  const read = (role: string) => api(200, me(role)).it.me();
  expect(await read('user')).toMatchObject({ isOperator: false, isAdministrator: false, signInPath: '/sign-in' });
  expect(await read('operator')).toMatchObject({ isOperator: true, isAdministrator: false });
  expect(await read('administrator')).toMatchObject({ name: 'ann', isOperator: true, isAdministrator: true });
});

test('An answer of another shape is told with its place', async () => {
  await expect(api(200, { pauses: [{ scope: 'moon' }] }).it.steering()).rejects.toThrow(/pauses\[0\]\.scope/);
});

test('Settings are found by every word, and those of the defaults on wish', () => {
  const settings = [
    { key: 'queue.slots', value: '4', source: 'default', reloads: true },
    { key: 'bibtex.providers', value: '["catalogue"]', source: 'nextup.json', reloads: true },
  ];
  const keys = (wanted: string, onlySet: boolean) => findSettings(settings, wanted, onlySet).map(({ key }) => key);
  expect(keys('', true)).toEqual(['bibtex.providers']);
  expect(keys('', false)).toHaveLength(2);
  expect(keys('Bib CATA', false)).toEqual(['bibtex.providers']);
  expect(keys('slots catalogue', false)).toEqual([]);
});
