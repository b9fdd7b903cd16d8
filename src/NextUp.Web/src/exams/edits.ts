/* What a person changes of a question: what the form holds, and what of it is sent. */
import type { Paper, Part, Question, Tag } from './papers';
import { counted } from '../words';

/** As PaperReview has it. */
export const marksMax = 999;
export const textLengthMax = 50_000;

export interface PartDraft {
  /** The member that it is in what is sent, which refusals name: parts[1].parts[0]. */
  readonly path: string;
  /** (a)(ii) */
  readonly label: string;
  readonly level: number;
  readonly text: string;
  /** As it was typed. Null where it has parts, whose marks add up to its own. */
  readonly marks: string | null;
}

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
    parts: flat(question.parts, 'parts', '', 0),
    chapters: question.tags.map(({ number, title }) => ({ number, title, from: null })),
  };
}

export function hasMarkedParts(question: Question): boolean {
  return question.parts.some((part) => part.marks !== null);
}

/** What is to be sent; null where nothing was changed. What was not touched is left out, so that it stays what it is. */
export function changesOf(began: Question, draft: Draft, now: Question): object | null {
  const before = draftOf(began);
  const changes = {
    ...(draft.number === before.number ? {} : { number: Number(draft.number) }),
    ...(draft.text === before.text ? {} : { text: draft.text }),
    ...(draft.marks === before.marks || draft.marks === null || draft.marks === '' ? {} : { marks: Number(draft.marks) }),
    ...(same(draft.parts, before.parts) ? {} : { parts: partsOf(began.parts, draft, 'parts') }),
    ...(same(draft.chapters, before.chapters) ? {} : { tags: tagsOf(draft.chapters, now.tags) }),
  };
  return Object.keys(changes).length === 0 ? null : changes;
}

/** What the parts add up to; null where none has marks. */
export function sumOf(question: Question, draft: Draft): number | null {
  return sum(partsOf(question.parts, draft, 'parts'));
}

export function sumWords(question: Question, draft: Draft): string {
  const parts = sumOf(question, draft);
  if (parts === null) return 'None of its parts has marks.';
  const words = `Its parts add up to ${counted(parts, 'mark', 'marks')}.`;
  const printed = draft.marks === null || draft.marks === '' || !hasMarkedParts(question) ? null : Number(draft.marks);
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

function flat(parts: readonly Part[], path: string, label: string, level: number): PartDraft[] {
  return parts.flatMap((part, index) => {
    const own = {
      path: `${path}[${index}]`,
      label: `${label}(${part.label})`,
      level,
      text: part.text,
      marks: part.parts.length > 0 ? null : typed(part.marks),
    };
    return [own, ...flat(part.parts, `${own.path}.parts`, own.label, level + 1)];
  });
}

function partsOf(parts: readonly Part[], draft: Draft, path: string): Part[] {
  return parts.map((part, index) => {
    const own = draft.parts.find((one) => one.path === `${path}[${index}]`);
    const inner = partsOf(part.parts, draft, `${path}[${index}].parts`);
    const marks = inner.length > 0 ? withBeside(part, inner) : own?.marks === '' ? null : Number(own?.marks);
    return { label: part.label, text: own?.text ?? part.text, marks, parts: inner };
  });
}

/** A part's marks are those of its parts, and what is printed beside them. */
function withBeside(part: Part, changed: readonly Part[]): number | null {
  const now = sum(changed);
  if (now === null) return part.marks;
  const before = sum(part.parts);
  return now + (part.marks === null || before === null ? 0 : Math.max(0, part.marks - before));
}

function sum(parts: readonly Part[]): number | null {
  return parts.every((part) => part.marks === null) ? null : parts.reduce((all, part) => all + (part.marks ?? 0), 0);
}

function tagsOf(chapters: readonly ChosenChapter[], present: readonly Tag[]): object[] {
  return chapters.flatMap((one): object[] => {
    if (one.from !== null) return [one.from];
    const kept = present.findIndex((tag) => isSame(tag, one));
    // Somebody else took it out meanwhile.
    return kept < 0 ? [] : [{ kept }];
  });
}

function typed(marks: number | null): string {
  return marks === null ? '' : String(marks);
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
