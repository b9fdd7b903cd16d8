import { describe, expect, test } from 'vitest';
import { careOrder, caresOf } from './jobOrders';
import type { JobState } from './model';
import { OperationsApi } from './operationsApi';

const job = {
  id: '01a202a4-dc03-7a76-ae1d-5865972e5c62',
  kind: 'bibtex',
  user: '12d75659430a',
  account: null,
  state: 'pending',
  isHeld: true,
  attempt: 1,
  failures: 0,
  crashes: 0,
  acceptedAt: '2026-05-04T10:00:00Z',
  fileSize: 12,
  priority: 0,
  percent: 0,
  step: '',
};

describe('What can be done to a job', () => {
  test.each<[JobState, Date | null, string[]]>([
    ['pending', null, ['cancel']],
    ['processing', null, ['cancel']],
    ['completed', null, []],
    ['failed', null, ['retry', 'set-aside']],
    ['cancelled', null, ['retry', 'set-aside']],
    ['failed', new Date(0), ['retry', 'discard']],
  ])('that is %s (set aside: %s) is what the server would do', (state, setAsideAt, cares) =>
    expect(caresOf({ state, setAsideAt })).toEqual(cares),
  );

  test('is said before: a running job loses its work, a waiting one its place', () => {
    const api = new OperationsApi(() => null, () => undefined);
    expect(careOrder(api, { id: job.id, state: 'processing' }, 'cancel').effects[0]).toMatch(/stops within a second/);
    expect(careOrder(api, { id: job.id, state: 'pending' }, 'cancel').effects[0]).toMatch(/leaves the line/);
  });

  test('is sent to the job, and its outcome is told', async () => {
    const sent: string[] = [];
    const send = ((path: string, init?: RequestInit) => {
      sent.push(`${init?.method} ${path}`);
      return Promise.resolve(new Response(JSON.stringify(job), { status: 200, headers: { 'content-type': 'application/json' } }));
    }) as typeof fetch;
    const order = careOrder(new OperationsApi(() => null, () => undefined, send), { id: job.id, state: 'failed' }, 'retry');
    expect(order.title).toBe('Retry job 972e5c62?');
    expect(await order.act()).toBe("Job 972e5c62 is held in its user's lane.");
    expect(sent).toEqual([`POST /api/v1/operations/jobs/${job.id}/retry`]);
  });
});
