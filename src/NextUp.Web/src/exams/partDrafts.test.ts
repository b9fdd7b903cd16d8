import { expect, test } from 'vitest';
import { draftsOf, faultOf, partsOf, placed, withoutPart, withPartBehind, withPartInside, type PartDraft } from './partDrafts';
import type { Part } from './papers';

const part = (label: string, marks: number | null, ...parts: Part[]): Part => ({ label, text: `text of ${label}`, marks, parts });

const paper = [part('a', 1), part('b', 8, part('i', 4), part('ii', 4)), part('c', 2)];

const names = (parts: readonly PartDraft[]): string[] => placed(parts).map(({ name }) => name);

const at = (parts: readonly PartDraft[], name: string): PartDraft => {
  const found = placed(parts).find((one) => one.name === name);
  if (found === undefined) throw new Error(`There is no ${name}.`);
  return found.part;
};

test('Every part has the name that it has in what is sent', () => {
  expect(placed(draftsOf(paper)).map(({ path, name, hasParts }) => [path, name, hasParts])).toEqual([
    ['parts[0]', '(a)', false],
    ['parts[1]', '(b)', true],
    ['parts[1].parts[0]', '(b)(i)', false],
    ['parts[1].parts[1]', '(b)(ii)', false],
    ['parts[2]', '(c)', false],
  ]);
  expect(partsOf(draftsOf(paper))).toEqual(paper);
});

test('A part is added behind all that is in another, inside of it, or at the end, with the label that follows', () => {
  const drafts = draftsOf(paper);
  const [behind, added] = withPartBehind(drafts, at(drafts, '(b)(ii)'));
  expect(names(behind)).toEqual(['(a)', '(b)', '(b)(i)', '(b)(ii)', '(b)(iii)', '(c)']);
  expect(added.label).toBe('iii');
  expect(names(withPartInside(drafts, at(drafts, '(b)'))[0])).toEqual(names(behind));
  expect(names(withPartInside(drafts, at(drafts, '(a)'))[0])).toEqual(['(a)', '(a)(i)', '(b)', '(b)(i)', '(b)(ii)', '(c)']);
  expect(names(withPartBehind(drafts, null)[0]).at(-1)).toBe('(d)');
  expect(names(withPartBehind([], null)[0])).toEqual(['(a)']);
});

test('A label that is taken, or that nobody can tell, is left to be typed', () => {
  const drafts = draftsOf(paper);
  expect(names(withPartBehind(drafts, at(drafts, '(b)'))[0])).toEqual(['(a)', '(b)', '(b)(i)', '(b)(ii)', '(?)', '(c)']);
  const odd = draftsOf([part('Either', 1)]);
  expect(withPartBehind(odd, null)[1].label).toBe('');
  const deep = draftsOf([part('a', 1, part('i', 1))]);
  expect(withPartInside(deep, at(deep, '(a)(i)'))[1].label).toBe('');
});

test('Letters, numbers and small roman numbers go on as they are', () => {
  const next = (...labels: string[]): string => withPartBehind(draftsOf(labels.map((label) => part(label, 1))), null)[1].label;
  expect(next('h')).toBe('i');
  expect(next('g', 'h', 'i')).toBe('j');
  expect(next('i')).toBe('ii');
  expect(next('iii', 'iv')).toBe('v');
  expect(next('iv', 'v')).toBe('vi');
  expect(next('u', 'v')).toBe('w');
  expect(next('A')).toBe('B');
  expect(next('9')).toBe('10');
  expect(next('z')).toBe('');
});

test('A refusal is told at the part that it is about, in the words of the form', () => {
  const drafts = draftsOf(paper);
  expect(faultOf(drafts, 'parts[1].parts[0].marks', '"parts[1].parts[0].marks" is a whole number.')).toEqual({
    id: at(drafts, '(b)(i)').id,
    text: 'The number of marks of (b)(i) is a whole number.',
  });
  expect(faultOf(drafts, 'number', 'There is a question 4 already.')).toBeNull();
  expect(faultOf(drafts, 'parts[7].label', '"parts[7].label" has 1 to 20 characters.')).toBeNull();
  expect(faultOf(drafts, null, null)).toBeNull();
});

test('A part is taken out with all that is in it', () => {
  const drafts = draftsOf(paper);
  expect(names(withoutPart(drafts, at(drafts, '(b)')))).toEqual(['(a)', '(c)']);
  expect(names(withoutPart(drafts, at(drafts, '(b)(i)')))).toEqual(['(a)', '(b)', '(b)(ii)', '(c)']);
});

test('Marks of a part that gets or loses parts are those that its parts say, or else its own', () => {
  const drafts = draftsOf(paper);
  const [inside, added] = withPartInside(drafts, at(drafts, '(a)'));
  expect(partsOf(inside)[0]?.marks).toBe(1);
  expect(partsOf(inside.map((one) => (one === added ? { ...one, marks: '3' } : one)))[0]?.marks).toBe(3);
  expect(partsOf(withoutPart(drafts, at(drafts, '(b)(i)')))[1]?.marks).toBe(4);
  const alone = withoutPart(withoutPart(drafts, at(drafts, '(b)(i)')), at(drafts, '(b)(ii)'));
  expect(partsOf(alone)[1]).toEqual({ label: 'b', text: 'text of b', marks: 8, parts: [] });
});
