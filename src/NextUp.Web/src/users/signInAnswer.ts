/* What the server says in the address after a sign-in with the authority; no more than a word or a number. */

const troubles: Readonly<Record<string, string>> = {
  denied: 'You were not let in there. Nothing has changed here.',
  late: 'The sign-in was not begun in this browser, or too long ago. Begin again.',
  invalid: 'The answer from there could not be trusted, so you are not signed in. Begin again.',
  unavailable: 'The place to sign in cannot be reached. Try again in a moment.',
};

export interface SignInAnswer {
  readonly trouble: string | null;
  /** How many ways to be told did not come along. */
  readonly leftBehind: number;
}

export function readSignInAnswer(search: string): SignInAnswer {
  const query = new URLSearchParams(search);
  const word = query.get('sign-in');
  const left = Number(query.get('left-behind') ?? 0);
  return {
    trouble: word === null ? null : (troubles[word] ?? 'The sign-in did not succeed. Begin again.'),
    leftBehind: Number.isInteger(left) && left > 0 ? left : 0,
  };
}

export function leftBehindWords(count: number): string {
  const ways = count === 1 ? '1 way to be told of your jobs' : `${count.toLocaleString('en')} ways to be told of your jobs`;
  return `${ways} did not come along: the account has them already, or may have no more.`;
}
