import { expect, test } from 'vitest';
import { Problem } from '../problem';
import { aJob } from '../testing/jobs';
import { changeDraft, emptyDraft, filesMax, fitFiles, optionsOf, wishWhenBusy, type Draft } from './submission';

const file = (name: string): File => new File(['@book{a, title={A}}'], name);
const chosen = (count: number): Draft =>
  changeDraft(emptyDraft, { type: 'chosen', files: Array.from({ length: count }, (_, index) => file(`${index}.bib`)) });

test('A hundred files can be chosen, and what is over is counted', () => {
  expect(chosen(filesMax)).toMatchObject({ tooMany: 0 });
  const over = chosen(filesMax + 3);
  expect(over.files.length).toBe(filesMax);
  expect(over.tooMany).toBe(3);
});

test('An unfit file is not sent, one without preview is', () => {
  const unfit = changeDraft(chosen(2), {
    type: 'previewed',
    key: 1,
    preview: { state: 'unfit', reason: 'no entries' },
  });
  const unknown = changeDraft(unfit, { type: 'previewed', key: 2, preview: { state: 'unknown', reason: 'away' } });
  expect(fitFiles(unknown).map((one) => one.name)).toEqual(['1.bib']);
});

test('Several files wait for each other unless something else is said', () => {
  expect(wishWhenBusy(chosen(1))).toBe('refuse');
  expect(wishWhenBusy(chosen(2))).toBe('hold');
  expect(wishWhenBusy(changeDraft(chosen(2), { type: 'when-busy', whenBusy: 'refuse' }))).toBe('refuse');
});

test('All fields marked is no list, so that the server decides what it can fill in', () => {
  const all = ['doi', 'abstract', 'url'];
  const without = changeDraft(emptyDraft, { type: 'field', field: 'url', all });
  expect(optionsOf(without)).toEqual({ fields: ['doi', 'abstract'], policy: 'missing-only' });
  expect(optionsOf(changeDraft(without, { type: 'field', field: 'url', all }))).toEqual({ policy: 'missing-only' });
});

test('After an answer the accepted files are gone and the refused ones can be sent again', () => {
  const draft = changeDraft(chosen(2), { type: 'sending' });
  const sent = fitFiles(draft);
  const problem = new Problem(429, 'job-limit-reached', 'Busy', 'You already have a job', aJob());
  const answered = changeDraft(draft, {
    type: 'answered',
    sent,
    results: [
      { fileName: '0.bib', job: aJob(), problem: null },
      { fileName: '1.bib', job: null, problem },
    ],
  });
  expect(answered.files).toEqual([]);
  expect(answered.sending).toBe(false);
  expect(answered.refusals).toEqual([{ file: sent[1], problem }]);
});

test('When the server cannot be reached the files stay chosen', () => {
  const draft = changeDraft(changeDraft(chosen(1), { type: 'sending' }), { type: 'trouble', text: 'away' });
  expect(draft.files.length).toBe(1);
  expect(draft).toMatchObject({ sending: false, trouble: 'away' });
});
