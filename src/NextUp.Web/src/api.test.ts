import { expect, test } from 'vitest';
import { Api, type Submission } from './api';
import { Problem, Unreachable } from './problem';
import { wireJob } from './testing/jobs';
import type { JobId } from './model';

const file = (name: string): File => new File(['@book{a}'], name);
const submission = (...files: File[]): Submission => ({
  kind: 'bibtex',
  whenBusy: 'refuse',
  options: { policy: 'missing-only' },
  priority: 0,
  notBefore: null,
  files,
  idempotencyKey: 'key',
});

function answering(status: number, body: unknown, seen: RequestInit[] = []): Api {
  return new Api(
    () => 'token',
    async (_, init) => {
      seen.push(init ?? {});
      return Response.json(body, { status, headers: { 'content-type': 'application/problem+json' } });
    },
  );
}

test('Fields go before files, with the key and the token', async () => {
  const seen: RequestInit[] = [];
  await answering(201, wireJob(), seen).submit(submission(file('a.bib')));
  const form = seen[0]?.body as FormData;
  expect([...form.keys()]).toEqual(['kind', 'whenBusy', 'options', 'file']);
  const headers = new Headers(seen[0]?.headers);
  expect(headers.get('Idempotency-Key')).toBe('key');
  expect(headers.get('Authorization')).toBe('Bearer token');
});

test('A refusal carries the job in the way', async () => {
  const existingJob = wireJob({ id: 'other', fileName: 'other.bib' });
  const body = { code: 'job-limit-reached', status: 429, title: 'Busy', detail: 'You already have a job', existingJob };
  const [result] = await answering(429, body).submit(submission(file('a.bib')));
  expect(result?.problem).toMatchObject({ code: 'job-limit-reached', existingJob: { fileName: 'other.bib' } });
});

test('Several files have an answer each', async () => {
  const results = [
    { file: 'a.bib', status: 201, job: wireJob() },
    { file: 'b.bib', status: 422, problem: { code: 'unfit-upload', title: 'Unfit', detail: 'No entry', status: 422 } },
  ];
  const answers = await answering(207, { results }).submit(submission(file('a.bib'), file('b.bib')));
  expect(answers.map((one) => one.job?.fileName ?? one.problem?.detail)).toEqual(['a.bib', 'No entry']);
});

test('An answer that is no problem document is told by its status', async () => {
  const api = new Api(
    () => null,
    async () => new Response('<html>', { status: 502 }),
  );
  await expect(api.job('a' as JobId)).rejects.toThrow(Problem);
  await expect(api.job('a' as JobId)).rejects.toThrow('The server has a problem (502)');
});

test('A network failure is told as such', async () => {
  const api = new Api(
    () => null,
    () => Promise.reject(new TypeError('fetch failed')),
  );
  await expect(api.queue()).rejects.toThrow(Unreachable);
});

test('A priority and a time go along only where they are asked for', async () => {
  const seen: RequestInit[] = [];
  const notBefore = new Date('2026-05-04T20:00:00Z');
  const wished = { ...submission(file('a.bib')), whenBusy: null, priority: 2, notBefore };
  await answering(201, wireJob(), seen).submit(wished);
  const form = seen[0]?.body as FormData;
  expect([...form.keys()]).toEqual(['kind', 'options', 'priority', 'notBefore', 'file']);
  expect(form.get('notBefore')).toBe('2026-05-04T20:00:00.000Z');
});

test('An answer without content is none', async () => {
  const api = new Api(
    () => null,
    async () => new Response(null, { status: 204 }),
  );
  expect(await api.send('DELETE', '/api/v1/me/session')).toBe(null);
});
