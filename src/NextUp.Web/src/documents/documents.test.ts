import { describe, expect, it } from 'vitest';
import { aJob } from '../testing/jobs';
import { pageWords, piecesOf, progressWords, stateOf, type Document, type Hit } from './documents';

const hit = (pageFrom: number | null, pageTo: number | null): Hit => ({
  document: 'd',
  name: 'a.pdf',
  chunk: 0,
  pageFrom,
  pageTo,
  headings: '',
  pieces: [],
});

describe('a snippet', () => {
  it('is cut where its marks begin and end', () => {
    expect(piecesOf('the cooling pump', [{ from: 4, to: 11 }, { from: 12, to: 16 }])).toEqual([
      { text: 'the ', isMarked: false },
      { text: 'cooling', isMarked: true },
      { text: ' ', isMarked: false },
      { text: 'pump', isMarked: true },
    ]);
  });

  it('stays whole without marks, and passes over marks that do not fit', () => {
    expect(piecesOf('words', [])).toEqual([{ text: 'words', isMarked: false }]);
    expect(piecesOf('words', [{ from: 3, to: 9 }])).toEqual([{ text: 'words', isMarked: false }]);
    expect(piecesOf('', [])).toEqual([]);
  });
});

describe('a hit', () => {
  it('says its page, or pages, or nothing', () => {
    expect(pageWords(hit(3, 3))).toBe('page 3');
    expect(pageWords(hit(3, 4))).toBe('pages 3 to 4');
    expect(pageWords(hit(null, null))).toBeNull();
  });
});

describe('the state of a document', () => {
  const known = (state: Document['state']): Document => ({ state }) as Document;

  it('is as new as what the live feed says of its job', () => {
    expect(stateOf(known('pending'), null)).toBe('pending');
    expect(stateOf(known('pending'), aJob({ state: 'processing' }))).toBe('processing');
    expect(stateOf(known('processing'), aJob({ state: 'failed' }))).toBe('failed');
    expect(stateOf(known('processing'), aJob({ state: 'pending' }))).toBe('pending');
  });

  it('is searchable only when the list says so', () => {
    expect(stateOf(known('processing'), aJob({ state: 'completed' }))).toBe('processing');
    expect(stateOf(known('completed'), aJob({ state: 'completed' }))).toBe('completed');
    expect(stateOf(known('completed'), aJob({ state: 'processing' }))).toBe('completed');
  });
});

describe('progress', () => {
  it('counts where there is a total', () => {
    expect(progressWords({ percent: 50, done: 3, total: 9, step: 'Embedding chunks' })).toBe('Embedding chunks, 3 of 9');
    expect(progressWords({ percent: 0, done: 0, total: null, step: '' })).toBe('Processing');
  });
});
