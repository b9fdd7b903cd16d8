/* What a person changes of a question: what the form holds, and what of it is sent. */
import { draftsOf, partsOf, sum, typed, type PartDraft } from './partDrafts';
import type { Paper, Question, Tag } from './papers';
import { counted } from '../words';

/** As PaperReview has it. */
export const marksMax = 999;
export const textLengthMax = 50_000;

export interface ChosenChapter {
  readonly number: string;
  readonly title: string;
  /** Where it was chosen from; null is one that the question has. */
  readonly from: { readonly syllabus: string; readonly chapter: number } | null;
}

export interface Draft {
  readonly number: string;
  /** Of a question without parts, or as they are printed for the whole; null where neither is. */
  readonly marks: string | null;
  readonly text: string;
  readonly parts: readonly PartDraft[];
  readonly chapters: readonly ChosenChapter[];
}

/** What became of a question that was saved. */
export interface Saved {
  readonly key: string;
  readonly text: string;
}

export function draftOf(question: Question): Draft {
  const marks = hasMarkedParts(question) ? question.marksStated : question.marks;
  return {
    number: String(question.number),
    marks: hasMarkedParts(question) && marks === null ? null : typed(marks),
    text: question.text,
    parts: draftsOf(question.parts),
    chapters: question.tags.map(({ number, title }) => ({ number, title, from: null })),
  };
}

function hasMarkedParts(question: Question): boolean {
  return question.parts.some((part) => part.marks !== null);
}

/** What is asked of the marks of the whole; null where its parts say all of it. */
export function totalOf(began: Question, draft: Draft): { readonly name: string; readonly marks: string } | null {
  const isMarked = sumOf(draft) !== null;
  if (isMarked) {
    const { marks } = draft;
    return marks === null || began.parts.length === 0 ? null : { name: 'Marks printed for all of it', marks };
  }
  return { name: 'Marks', marks: draft.marks ?? typed(began.marks) };
}

/** What is to be sent; null where nothing was changed. What was not touched is left out, so that it stays what it is. */
export function changesOf(began: Question, draft: Draft, now: Question): object | null {
  const before = draftOf(began);
  const total = totalOf(began, draft);
  const changes = {
    ...(draft.number === before.number ? {} : { number: Number(draft.number) }),
    ...(draft.text === before.text ? {} : { text: draft.text }),
    ...(draft.marks === before.marks || (total?.marks ?? '') === '' ? {} : { marks: Number(draft.marks) }),
    ...(same(partsOf(draft.parts), partsOf(before.parts)) ? {} : { parts: partsOf(draft.parts) }),
    ...(same(draft.chapters, before.chapters) ? {} : { tags: tagsOf(draft.chapters, now.tags) }),
  };
  return Object.keys(changes).length === 0 ? null : changes;
}

/** What the parts add up to; null where none has marks. */
export function sumOf(draft: Draft): number | null {
  return sum(partsOf(draft.parts));
}

export function sumWords(began: Question, draft: Draft): string {
  const parts = sumOf(draft);
  if (parts === null) return 'None of its parts has marks.';
  const words = `Its parts add up to ${counted(parts, 'mark', 'marks')}.`;
  const total = totalOf(began, draft);
  const printed = total === null || total.marks === '' ? null : Number(total.marks);
  return printed === null || printed === parts ? words : `${words} The paper prints ${printed}.`;
}

/** What the checks say, made anew over what was saved. */
export function savedWords({ checks }: Pick<Paper, 'checks'>): string {
  const failed = checks.filter((check) => !check.ok);
  if (failed.length === 0) return 'Saved. It was checked anew: all checks hold.';
  const count = counted(failed.length, 'check fails', 'checks fail');
  return `Saved. It was checked anew: ${count}. ${failed.map((check) => check.detail).join(' ')}`;
}

export function isSame(one: { number: string; title: string }, other: { number: string; title: string }): boolean {
  return one.number === other.number && one.title === other.title;
}

/** Adds a chapter, unless it is there. */
export function withChapter(chapters: readonly ChosenChapter[], added: ChosenChapter): readonly ChosenChapter[] {
  return chapters.some((one) => isSame(one, added)) ? chapters : [...chapters, added];
}

/** Puts a chapter first: it is the main one. */
export function withMain(chapters: readonly ChosenChapter[], main: ChosenChapter): readonly ChosenChapter[] {
  return [main, ...chapters.filter((one) => one !== main)];
}

function tagsOf(chapters: readonly ChosenChapter[], present: readonly Tag[]): object[] {
  return chapters.flatMap((one): object[] => {
    if (one.from !== null) return [one.from];
    const kept = present.findIndex((tag) => isSame(tag, one));
    // Somebody else took it out meanwhile.
    return kept < 0 ? [] : [{ kept }];
  });
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
