import { expect, test } from 'vitest';
import {
  countWords,
  expectedWords,
  hintWords,
  lookWords,
  mappingOf,
  noChoice,
  optionsOf,
  readPreview,
  type RowError,
  type TablePreview,
} from './tables';

test('what was not chosen is left out of the options', () => {
  expect(optionsOf(noChoice)).toEqual({ mode: 'validRows', duplicates: 'skip' });
  expect(optionsOf({ ...noChoice, table: ' people ', mapping: { A: 'name', B: '' } })).toEqual({
    mode: 'validRows',
    duplicates: 'skip',
    table: 'people',
    mapping: { A: 'name', B: null },
  });
});

test('columns that were changed go along with all the others', () => {
  const columns = [{ header: 'A', name: 'name', type: 'text', required: true, key: false }];
  expect(mappingOf(['A', 'B'], columns)).toEqual({ A: 'name', B: '' });
  expect(optionsOf({ ...noChoice, columns, mapping: mappingOf(['A', 'B'], columns) })).toEqual({
    mode: 'validRows',
    duplicates: 'skip',
    columns: [{ name: 'name', type: 'text', required: true, key: false }],
    mapping: { A: 'name', B: null },
  });
});

test('counts are told without what is nothing', () => {
  const none = { total: 1, inserted: 1, updated: 0, duplicates: 0, rejected: 0, blank: 0 };
  expect(countWords(none)).toBe('1 row: 1 new');
  expect(countWords({ ...none, total: 1500, inserted: 1400, rejected: 100 })).toBe('1,500 rows: 1,400 new, 100 wrong');
});

test('a preview says how the file was read', () => {
  const answer = {
    encoding: 'windows-1252',
    separator: ';',
    headerRow: 3,
    header: ['A'],
    table: 't',
    columns: [{ header: 'A', why: 'name', rule: { name: 'A', type: 'date' } }],
    rows: [{ row: 4, cells: ['x'], errors: [{}] }],
    looked: 1,
    isWhole: true,
    wrong: 1,
    errors: [],
  };
  const preview = readPreview(answer);
  expect(preview.how).toBe('windows-1252, parted by semicolons');
  expect(preview.columns[0]).toEqual({ header: 'A', why: 'name', name: 'A', type: 'date', required: false, key: false });
  expect(preview.rows[0]?.isWrong).toBe(true);
});

test('what became of the first rows is told, and that there are more', () => {
  const look = (looked: number, wrong: number, isWhole: boolean): string =>
    lookWords({ looked, wrong, isWhole } as TablePreview);
  expect(look(0, 0, true)).toBe('There are no rows below the header.');
  expect(look(5, 0, true)).toBe('All 5 rows fit.');
  expect(look(1000, 0, false)).toBe('The first 1,000 rows all fit.');
  expect(look(5, 1, true)).toBe('1 of the 5 rows is wrong.');
  expect(look(1000, 20, false)).toBe('20 of the first 1,000 rows are wrong.');
});

test('what would be right is told as people say it, and the way out as this page has it', () => {
  expect(expectedWords('whole number')).toBe('a whole number');
  expect(expectedWords('yes or no, true or false, 1 or 0')).toBe('yes or no, true or false, 1 or 0');
  const wrong = (code: string, expected: string): string | null =>
    hintWords({ code, expected, hint: 'Say with dates' } as RowError);
  expect(wrong('type', 'date')).toBe('Say with dates');
  expect(wrong('ambiguous', 'a date with one reading')).toMatch(/^Choose above how dates/);
  expect(wrong('ambiguous', 'a number with one reading')).toMatch(/decimal mark/);
});
