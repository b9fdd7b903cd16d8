import type { Finding } from '../model';

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

/** Entries that looking them up again may help, as the server takes them for `failed`. */
export function failedCount(findings: readonly Finding[]): number {
  const failed = ['wrong-doi', 'ambiguous', 'not-found'];
  return findings.filter((one) => failed.includes(one.outcome) || one.notCheckedBy.length > 0).length;
}

const providers: ReadonlyMap<string, string> = new Map([
  ['catalogue', 'in the catalogue of this server'],
  ['crossref', 'at Crossref'],
  ['openalex', 'at OpenAlex'],
  ['semantic-scholar', 'at Semantic Scholar'],
  ['datacite', 'at DataCite'],
  ['arxiv', 'at arXiv'],
]);

const identifiers: ReadonlyMap<string, string> = new Map([
  ['doi', 'DOI'],
  ['arxiv', 'arXiv id'],
  ['pmid', 'PubMed id'],
  ['corpusid', 'Semantic Scholar id'],
]);

/** How a work was found, for example "Found by title at Crossref, confidence 98 %."; null where nothing is said. */
export function foundWords({ foundBy, provider, confidence }: Finding): string | null {
  if (foundBy === null && provider === null) return null;
  const by = foundBy === null ? '' : ` by ${identifiers.get(foundBy) ?? foundBy}`;
  const at = provider === null ? '' : ` ${providers.get(provider) ?? `at ${provider}`}`;
  // The blank must not break: a percent sign alone on a line reads badly.
  const surely = confidence === null ? '' : `, confidence ${Math.round(confidence * 100)}\u00a0%`;
  return `Found${by}${at}${surely}.`;
}

export function providerWords(provider: string): string {
  return (providers.get(provider) ?? provider).replace(/^(at|in) /, '');
}

/** A report's reason without the code that programs know it by, such as "miss.title: ". */
export function reasonWords(reason: string): string {
  return reason.replace(/^(ok|miss|ambiguous)\.[a-z_]+: /, '');
}
