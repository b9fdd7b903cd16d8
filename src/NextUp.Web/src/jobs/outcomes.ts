import type { Finding } from '../wire';

/** The outcomes of an entry, in the order in which they want attention, and what each of them means. */
const outcomes: ReadonlyMap<string, { readonly name: string; readonly meaning: string }> = new Map([
  ['wrong-doi', { name: 'Wrong DOI', meaning: 'The DOI in the file names another work; nothing was taken from it.' }],
  ['ambiguous', { name: 'Ambiguous', meaning: 'Several works fit. Nothing was written: choose one yourself.' }],
  ['not-found', { name: 'Not found', meaning: 'No source knows a work that fits.' }],
  ['unreadable', { name: 'Unreadable', meaning: 'The entry could not be read and was left as it is.' }],
  ['found', { name: 'Found', meaning: 'The work is known and what was missing was added.' }],
  ['unchanged', { name: 'Unchanged', meaning: 'Nothing was missing, or nothing more is known.' }],
]);

export function outcomeWords(outcome: string): { readonly name: string; readonly meaning: string } {
  return outcomes.get(outcome) ?? { name: outcome, meaning: '' };
}

export function countOutcomes(findings: readonly Finding[]): [outcome: string, count: number][] {
  const counts = new Map<string, number>();
  for (const finding of findings) counts.set(finding.outcome, (counts.get(finding.outcome) ?? 0) + 1);
  const order = [...outcomes.keys()];
  const rank = (outcome: string): number => (order.includes(outcome) ? order.indexOf(outcome) : order.length);
  return [...counts].sort(([left], [right]) => rank(left) - rank(right));
}
