import { expect, test } from 'vitest';
import { changesOf, draftOf, savedWords, sumWords, totalOf, withChapter, withMain, type Draft } from './edits';
import { placed, withPartBehind } from './partDrafts';
import { readPaper, type Question } from './papers';

const question = (members: object = {}): Question =>
  readPaper({
    id: 'p',
    name: 'p.pdf',
    job: 'j',
    version: 1,
    pictures: 0,
    paper: {
      questions: [
        {
          key: '1',
          number: 1,
          text: 'A river',
          marks: 9,
          source: 'rule',
          parts: [
            { label: 'a', text: 'State', marks: 1, parts: [] },
            {
              label: 'b',
              text: '',
              marks: 8,
              parts: [
                { label: 'i', text: 'Describe', marks: 4, parts: [] },
                { label: 'ii', text: 'Explain', marks: 4, parts: [] },
              ],
            },
          ],
          tags: [
            { number: '1', title: 'Rivers', isPrimary: true, source: 'rule' },
            { number: '4', title: 'Coasts', isPrimary: false, source: 'rule' },
          ],
          ...members,
        },
      ],
    },
  }).questions[0] as Question;

const withPart = (draft: Draft, path: string, members: object): Draft => ({
  ...draft,
  parts: placed(draft.parts).map((one) => (one.path === path ? { ...one.part, ...members } : one.part)),
});

test('What was not touched is not sent', () => {
  const began = question();
  const draft = draftOf(began);
  expect(changesOf(began, draft, began)).toBeNull();
  expect(changesOf(began, { ...draft, text: 'A lake' }, began)).toEqual({ text: 'A lake' });
  expect(changesOf(began, { ...draft, number: '7' }, began)).toEqual({ number: 7 });
});

test('Marks of a part count into those above it, with what is printed beside them', () => {
  const began = question();
  const draft = withPart(draftOf(began), 'parts[1].parts[1]', { marks: '6', text: 'Explain two ways' });
  expect(sumWords(began, draft)).toBe('Its parts add up to 11 marks.');
  const sent = changesOf(began, draft, began) as { parts: { marks: number; parts: object[] }[] };
  expect(sent.parts[1]?.marks).toBe(10);
  expect(sent.parts[1]?.parts[1]).toEqual({ label: 'ii', text: 'Explain two ways', marks: 6, parts: [] });

  const beside = question({
    parts: [{ label: 'a', text: '', marks: 5, parts: [{ label: 'i', text: 'x', marks: 3, parts: [] }] }],
  });
  expect(sumWords(beside, withPart(draftOf(beside), 'parts[0].parts[0]', { marks: '4' }))).toBe(
    'Its parts add up to 6 marks.',
  );
});

test('Marks that are taken out of a part are none, not zero', () => {
  const began = question({ parts: [{ label: 'a', text: 'x', marks: 3, parts: [] }] });
  const draft = withPart(draftOf(began), 'parts[0]', { marks: '' });
  expect(changesOf(began, draft, began)).toEqual({ parts: [{ label: 'a', text: 'x', marks: null, parts: [] }] });
  expect(sumWords(began, draft)).toBe('None of its parts has marks.');
});

test('A total is asked for where one is printed or where there are no parts to add up', () => {
  const asked = (members: object): unknown => totalOf(question(members), draftOf(question(members)));
  expect(asked({})).toBeNull();
  expect(asked({ marksStated: 10 })).toEqual({ name: 'Marks printed for all of it', marks: '10' });
  expect(asked({ parts: [], marks: 6 })).toEqual({ name: 'Marks', marks: '6' });
  expect(asked({ parts: [], marks: null })).toEqual({ name: 'Marks', marks: '' });
  const printed = question({ marksStated: 10 });
  expect(sumWords(printed, draftOf(printed))).toBe('Its parts add up to 9 marks. The paper prints 10.');
  expect(changesOf(printed, { ...draftOf(printed), marks: '9' }, printed)).toEqual({ marks: 9 });
});

test('A question that gets its first parts is asked for no total, and one that loses its last for its marks', () => {
  const whole = question({ parts: [], marks: 6 });
  const [parts] = withPartBehind([], null);
  expect(totalOf(whole, { ...draftOf(whole), parts })).toEqual({ name: 'Marks', marks: '6' });
  const marked = { ...draftOf(whole), marks: '7', parts: parts.map((part) => ({ ...part, marks: '4' })) };
  expect(totalOf(whole, marked)).toBeNull();
  expect(changesOf(whole, marked, whole)).toEqual({ parts: [{ label: 'a', text: '', marks: 4, parts: [] }] });

  const began = question();
  const none = { ...draftOf(began), parts: [] };
  expect(totalOf(began, none)).toEqual({ name: 'Marks', marks: '9' });
  expect(changesOf(began, none, began)).toEqual({ parts: [] });
  expect(changesOf(began, { ...none, marks: '5' }, began)).toEqual({ marks: 5, parts: [] });
});

test('Chapters are kept by their place, taken from a syllabus, and the main one is first', () => {
  const began = question();
  const draft = draftOf(began);
  const [rivers, coasts] = draft.chapters;
  if (rivers === undefined || coasts === undefined) throw new Error('there are two');
  const wind = { number: '7', title: 'Wind', from: { syllabus: 'geo', chapter: 6 } };
  const chapters = withMain(withChapter([coasts], wind), wind);
  expect(changesOf(began, { ...draft, chapters }, began)).toEqual({
    tags: [{ syllabus: 'geo', chapter: 6 }, { kept: 1 }],
  });
  expect(changesOf(began, { ...draft, chapters: [] }, began)).toEqual({ tags: [] });
  expect(withChapter(chapters, { ...wind, from: null })).toBe(chapters);
});

test('A chapter that somebody else took out meanwhile is not asked to be kept', () => {
  const began = question();
  const draft = draftOf(began);
  const now = question({ tags: [{ number: '4', title: 'Coasts', isPrimary: true, source: 'manual' }] });
  expect(changesOf(began, { ...draft, chapters: withMain(draft.chapters, draft.chapters[1]!) }, now)).toEqual({
    tags: [{ kept: 0 }],
  });
});

test('Who saves is told what the checks say now', () => {
  const total = { code: 'marks-total', ok: false, detail: 'The marks add up to 32, and the paper prints 30.' };
  expect(savedWords({ checks: [{ ...total, ok: true }] })).toBe('Saved. It was checked anew: all checks hold.');
  expect(savedWords({ checks: [total] })).toBe(
    'Saved. It was checked anew: 1 check fails. The marks add up to 32, and the paper prints 30.',
  );
});
