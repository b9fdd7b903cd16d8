/* The parts of a question as a form holds them: in their order, each with how deep it lies. */
import type { Part } from './papers';

/** As PaperReview has them. */
export const partsMax = 200;
export const levelsMax = 6;
export const labelLengthMax = 20;

export interface PartDraft {
  /** Stays while others come and go. */
  readonly id: number;
  /** At most one more than that of the part before it. */
  readonly level: number;
  /** As it was typed, without brackets. */
  readonly label: string;
  readonly text: string;
  /** As it was typed. Where it has parts, their marks add up to its own, and this is not asked. */
  readonly marks: string;
  /** What it was when the form was opened; null where it is new. */
  readonly was: Part | null;
}

/** A part, and where it is at the moment. */
export interface PlacedPart {
  readonly part: PartDraft;
  /** The member that it is in what is sent, which refusals name: parts[1].parts[0]. */
  readonly path: string;
  /** (a)(ii) */
  readonly name: string;
  readonly hasParts: boolean;
}

interface Branch {
  readonly part: PartDraft;
  readonly inner: readonly Branch[];
}

export function draftsOf(parts: readonly Part[]): PartDraft[] {
  return flat(parts, 0).map((part, id) => ({ ...part, id }));
}

export function placed(parts: readonly PartDraft[]): PlacedPart[] {
  return named(branches(parts), 'parts', '');
}

/** What is sent. */
export function partsOf(parts: readonly PartDraft[]): Part[] {
  return branches(parts).map(whole);
}

/** The part that a refusal is about, and the refusal with its words for it; null where it is about no part. */
export function faultOf(
  parts: readonly PartDraft[],
  field: string | null,
  trouble: string | null,
): { readonly id: number; readonly text: string } | null {
  const [, path, member] = /^(.*)\.(label|text|marks)$/.exec(field ?? '') ?? [];
  const one = placed(parts).find((some) => some.path === path);
  if (one === undefined || member === undefined || trouble === null) return null;
  const what = member === 'marks' ? 'The number of marks' : `The ${member}`;
  return { id: one.part.id, text: trouble.replace(`"${field}"`, `${what} of ${one.name}`) };
}

export function sum(parts: readonly Part[]): number | null {
  return parts.every((part) => part.marks === null) ? null : parts.reduce((all, part) => all + (part.marks ?? 0), 0);
}

export function typed(marks: number | null): string {
  return marks === null ? '' : String(marks);
}

/** A new part behind this one and all that is in it; behind all with null. */
export function withPartBehind(parts: readonly PartDraft[], one: PartDraft | null): [readonly PartDraft[], PartDraft] {
  const at = one === null ? parts.length : endOf(parts, parts.indexOf(one));
  return withPartAt(parts, at, one?.level ?? 0);
}

/** A new part in this one, behind those that are in it. */
export function withPartInside(parts: readonly PartDraft[], one: PartDraft): [readonly PartDraft[], PartDraft] {
  return withPartAt(parts, endOf(parts, parts.indexOf(one)), one.level + 1);
}

/** Takes a part out, and all that is in it. */
export function withoutPart(parts: readonly PartDraft[], one: PartDraft): readonly PartDraft[] {
  const at = parts.indexOf(one);
  return [...parts.slice(0, at), ...parts.slice(endOf(parts, at))];
}

function withPartAt(parts: readonly PartDraft[], at: number, level: number): [readonly PartDraft[], PartDraft] {
  const id = Math.max(-1, ...parts.map((part) => part.id)) + 1;
  const part = { id, level, label: labelFor(siblingsOf(parts, at, level), level), text: '', marks: '', was: null };
  return [[...parts.slice(0, at), part, ...parts.slice(at)], part];
}

/** Those of the level that it would be among, in two halves: before it, and behind it. */
function siblingsOf(parts: readonly PartDraft[], at: number, level: number): { before: string[]; behind: string[] } {
  const near = (some: readonly PartDraft[]): string[] => {
    const end = some.findIndex((part) => part.level < level);
    return (end < 0 ? some : some.slice(0, end)).filter((part) => part.level === level).map((part) => part.label);
  };
  return { before: near(parts.slice(0, at).reverse()), behind: near(parts.slice(at)) };
}

const roman = ['i', 'ii', 'iii', 'iv', 'v', 'vi', 'vii', 'viii', 'ix', 'x', 'xi', 'xii'];

/** The label that follows; empty, to be typed, where it is taken or nobody can tell. */
function labelFor({ before, behind }: { before: readonly string[]; behind: readonly string[] }, level: number): string {
  const [last, ...others] = before;
  const next = last === undefined ? (['a', 'i'][level] ?? '') : following(last, others);
  return before.includes(next) || behind.includes(next) ? '' : next;
}

function following(label: string, others: readonly string[]): string {
  const place = roman.indexOf(label);
  // After (h) comes the letter i.
  const isRoman = place === 0 ? !others.includes('h') : others.includes(roman[place - 1] ?? '');
  if (place >= 0 && isRoman) return roman[place + 1] ?? '';
  if (/^[0-9]{1,3}$/.test(label)) return String(Number(label) + 1);
  return /^[a-y]$/i.test(label) ? String.fromCharCode(label.charCodeAt(0) + 1) : '';
}

function endOf(parts: readonly PartDraft[], at: number): number {
  const level = parts[at]?.level ?? 0;
  const end = parts.findIndex((part, index) => index > at && part.level <= level);
  return end < 0 ? parts.length : end;
}

function branches(parts: readonly PartDraft[]): Branch[] {
  const all: Branch[] = [];
  for (let at = 0; at < parts.length; ) {
    const end = endOf(parts, at);
    const part = parts[at];
    if (part !== undefined) all.push({ part, inner: branches(parts.slice(at + 1, end)) });
    at = end;
  }
  return all;
}

function named(all: readonly Branch[], path: string, name: string): PlacedPart[] {
  return all.flatMap(({ part, inner }, index) => {
    const label = part.label.trim();
    const own = {
      part,
      path: `${path}[${index}]`,
      name: `${name}(${label === '' ? '?' : label})`,
      hasParts: inner.length > 0,
    };
    return [own, ...named(inner, `${own.path}.parts`, own.name)];
  });
}

function whole({ part, inner }: Branch): Part {
  const parts = inner.map(whole);
  const marks = parts.length > 0 ? withBeside(part, parts) : part.marks === '' ? null : Number(part.marks);
  return { label: part.label.trim(), text: part.text, marks, parts };
}

/** A part's marks are those of its parts, and what is printed beside them. */
function withBeside({ was, marks }: PartDraft, parts: readonly Part[]): number | null {
  const now = sum(parts);
  if (now === null) return marks === '' ? null : Number(marks);
  const before = sum(was?.parts ?? []);
  return now + (was === null || was.marks === null || before === null ? 0 : Math.max(0, was.marks - before));
}

function flat(parts: readonly Part[], level: number): Omit<PartDraft, 'id'>[] {
  return parts.flatMap((part) => [
    { level, label: part.label, text: part.text, marks: typed(part.marks), was: part },
    ...flat(part.parts, level + 1),
  ]);
}
