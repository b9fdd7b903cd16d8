import { expect, test } from 'vitest';
import { flowing, paired, stepWords } from './papers';

const file = (name: string): File => new File(['x'], name);
const names = (files: readonly string[]): (string | undefined)[][] =>
  paired(files.map(file)).map((one) => [one.paper.name, one.insert?.name, one.scheme?.name]);

test('inserts and mark schemes go to the paper of their name', () => {
  expect(names(['9709_s10_ms_11.pdf', '9709_s10_qp_11.pdf', '0500_w19_qp_12.pdf', '0500_w19_in_12.pdf'])).toEqual([
    ['9709_s10_qp_11.pdf', undefined, '9709_s10_ms_11.pdf'],
    ['0500_w19_qp_12.pdf', '0500_w19_in_12.pdf', undefined],
  ]);
});

test('beside the only paper whatever is no paper belongs to it', () => {
  expect(names(['Biology June.pdf', 'Mark scheme.pdf'])).toEqual([['Biology June.pdf', undefined, 'Mark scheme.pdf']]);
});

test('what belongs to no paper is handed in as one', () => {
  expect(names(['a_ms_1.pdf', 'b_qp_2.pdf', 'c_qp_3.pdf'])).toEqual([
    ['b_qp_2.pdf', undefined, undefined],
    ['c_qp_3.pdf', undefined, undefined],
    ['a_ms_1.pdf', undefined, undefined],
  ]);
});

test('A line that ended only because the page did goes on; one that begins anew stays a line', () => {
  expect(flowing('between its source and its\nmouth.')).toBe('between its source and its mouth.');
  expect(flowing('Read the poem.\nit is short')).toBe('Read the poem.\nit is short');
  expect(flowing('Apples\nPears\n3 plums')).toBe('Apples\nPears\n3 plums');
});

test('A step is told with what is done of it', () => {
  const progress = { percent: 5, done: 2, total: 3, failed: 0, step: 'Reading pages' };
  expect(stepWords(progress)).toBe('Reading pages, 2 of 3');
  expect(stepWords({ ...progress, total: null })).toBe('Reading pages');
  expect(stepWords({ ...progress, step: '' })).toBe('Beginning');
});
