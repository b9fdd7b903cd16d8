import { expect, test } from 'vitest';
import { Problem } from '../problem';
import { aJob } from '../testing/jobs';
import type { Kind } from '../model';
import {
  changeDraft,
  emptyDraft,
  filesMax,
  fitFiles,
  mayChooseWhenBusy,
  optionsOf,
  orderOf,
  sentWhenBusy,
  wishWhenBusy,
  type Draft,
} from './submission';

const kind: Kind = {
  name: 'bibtex',
  whenBusy: 'refuse',
  mayChooseWhenBusy: true,
  activePerUserMax: 1,
  priorityMax: 0,
};

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
  expect(wishWhenBusy(chosen(1), null)).toBe('refuse');
  expect(wishWhenBusy(chosen(1), { ...kind, whenBusy: 'hold' })).toBe('hold');
  expect(wishWhenBusy(chosen(2), kind)).toBe('hold');
  expect(wishWhenBusy(changeDraft(chosen(2), { type: 'when-busy', whenBusy: 'refuse' }), kind)).toBe('refuse');
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

test('Where the kind allows no choice nothing is sent, and where there is no limit there is nothing to choose', () => {
  const fixed = { ...kind, mayChooseWhenBusy: false };
  expect(sentWhenBusy(chosen(2), fixed, 'hold')).toBe(null);
  expect(sentWhenBusy(chosen(1), kind, 'hold')).toBe('hold');
  expect(mayChooseWhenBusy(fixed)).toBe(false);
  expect(mayChooseWhenBusy({ ...kind, activePerUserMax: null })).toBe(false);
  expect(mayChooseWhenBusy(kind)).toBe(true);
});

test('A time for later is read by the clock of the browser, and none is at once', () => {
  expect(orderOf(emptyDraft)).toEqual({ priority: 0, notBefore: null });
  const later = changeDraft(emptyDraft, { type: 'not-before', notBefore: '2026-05-04T22:00' });
  expect(orderOf(changeDraft(later, { type: 'priority', priority: 2 }))).toEqual({
    priority: 2,
    notBefore: new Date(2026, 4, 4, 22, 0),
  });
  expect(orderOf(changeDraft(later, { type: 'not-before', notBefore: 'soon' })).notBefore).toBe(null);
});

test('Of several files each outcome is kept until it is read, of one only the refusal', () => {
  const results = [{ fileName: '0.bib', job: aJob(), problem: null }] as const;
  const one = changeDraft(chosen(1), { type: 'answered', sent: fitFiles(chosen(1)), results });
  expect(one.outcomes).toEqual([]);
  const sent = fitFiles(chosen(2));
  const two = changeDraft(chosen(2), { type: 'answered', sent, results: [...results, ...results] });
  expect(two.outcomes.length).toBe(2);
  expect(changeDraft(two, { type: 'outcomes-dismissed' }).outcomes).toEqual([]);
  expect(changeDraft(two, { type: 'sending' }).outcomes).toEqual([]);
});

test('A time and a priority hold for one submission, and for sending again what was refused', () => {
  const wished = changeDraft(changeDraft(chosen(1), { type: 'priority', priority: 2 }), {
    type: 'not-before',
    notBefore: '2026-05-04T22:00',
  });
  const sent = fitFiles(wished);
  const accepted = [{ fileName: 'a', job: aJob(), problem: null }] as const;
  const taken = changeDraft(wished, { type: 'answered', sent, results: accepted });
  expect(taken).toMatchObject({ priority: 0, notBefore: '' });
  const problem = new Problem(429, 'job-limit-reached', 'Busy', null, aJob());
  const refused = changeDraft(wished, { type: 'answered', sent, results: [{ fileName: 'a', job: null, problem }] });
  expect(refused.priority).toBe(2);
});
