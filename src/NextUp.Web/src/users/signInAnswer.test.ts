import { expect, test } from 'vitest';
import { leftBehindWords, readSignInAnswer } from './signInAnswer';

test('What became of a sign-in is read from the address, and nothing of the address is shown', () => {
  expect(readSignInAnswer('')).toEqual({ trouble: null, leftBehind: 0 });
  expect(readSignInAnswer('?sign-in=denied').trouble).toMatch(/not let in/);
  expect(readSignInAnswer('?sign-in=<b>x</b>').trouble).toBe('The sign-in did not succeed. Begin again.');
  expect(readSignInAnswer('?left-behind=2').leftBehind).toBe(2);
  for (const odd of ['-1', 'x', '1.5', '']) expect(readSignInAnswer(`?left-behind=${odd}`).leftBehind).toBe(0);
});

test('What stayed behind is counted', () => {
  expect(leftBehindWords(1)).toMatch(/^1 way /);
  expect(leftBehindWords(2)).toMatch(/^2 ways /);
});
