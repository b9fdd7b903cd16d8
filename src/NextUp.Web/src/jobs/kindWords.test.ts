import { expect, test } from 'vitest';
import { aJob } from '../testing/jobs';
import { doneWords, resultPlace } from './kindWords';

const progress = { percent: 40, done: 12, total: 75, failed: 0, step: '' };

test('What is counted is called as its kind calls it', () => {
  expect(doneWords(aJob({ progress }))).toBe('12 of 75 entries');
  expect(doneWords(aJob({ kind: 'documents', progress }))).toBe('12 of 75');
  expect(doneWords(aJob({ kind: 'documents', progress: { ...progress, total: null } }))).toBeNull();
  expect(doneWords(aJob({ kind: 'tables', progress: { ...progress, done: 1500, total: null } }))).toBe('1,500 rows');
});

test('What a job of another kind made is on the page of its kind', () => {
  expect(resultPlace(aJob())).toBeNull();
  expect(resultPlace(aJob({ kind: 'tables' }))?.href).toBe('/tables');
  expect(resultPlace(aJob({ kind: 'exams' }))?.href).toBe('/exams');
});
