import { expect, test } from 'vitest';
import { readReport } from '../wire';
import { countOutcomes, foundWords, outcomeWords, reasonWords } from './outcomes';

const findings = (...outcomes: string[]) =>
  readReport({ entries: outcomes.map((outcome, index) => ({ key: `k${index}`, outcome })) });

test('Outcomes that want attention stand first, unknown ones last', () => {
  const counts = countOutcomes(findings('found', 'newer-outcome', 'not-found', 'found', 'wrong-doi'));
  expect(counts).toEqual([
    ['wrong-doi', 1],
    ['not-found', 1],
    ['found', 2],
    ['newer-outcome', 1],
  ]);
  expect(outcomeWords('newer-outcome').name).toBe('newer-outcome');
});

test.each([
  [{ foundBy: 'title', provider: 'crossref', confidence: 0.984 }, 'Found by title at Crossref, confidence 98\u00a0%.'],
  [{ foundBy: 'doi', provider: 'catalogue' }, 'Found by DOI in the catalogue of this server.'],
  [{ foundBy: 'isbn', provider: 'elsewhere' }, 'Found by isbn at elsewhere.'],
  [{}, null],
])('%o is told as %s', (members, words) => {
  const [finding] = readReport({ entries: [{ key: 'a', outcome: 'found', ...members }] });
  expect(finding && foundWords(finding)).toBe(words);
});

test.each([
  ['miss.title: no candidate fits', 'no candidate fits'],
  ['ok.title_author: title and author agree', 'title and author agree'],
  ['the title alone names too many works', 'the title alone names too many works'],
])('the reason "%s" is told as "%s"', (reason, told) => expect(reasonWords(reason)).toBe(told));
