/** What an entry can be given, in the order in which people look for it. The names are the fields of the .bib. */
export const bibFields: ReadonlyMap<string, string> = new Map([
  ['doi', 'DOI'],
  ['abstract', 'Abstract'],
  ['title', 'Title'],
  ['author', 'Authors'],
  ['journal', 'Journal'],
  ['booktitle', 'Book title'],
  ['year', 'Year'],
  ['volume', 'Volume'],
  ['number', 'Number'],
  ['pages', 'Pages'],
  ['publisher', 'Publisher'],
  ['url', 'URL'],
  ['issn', 'ISSN'],
  ['pmid', 'PubMed id'],
  ['eprint', 'arXiv id'],
  ['citation_count', 'Citations'],
  ['journal_2yr_mean_citedness', 'Journal citedness (2 years)'],
]);

export const bibFieldNames: readonly string[] = [...bibFields.keys()];

/** Fields that come along with another one to say where it is from. They cannot be chosen by themselves. */
const companions: ReadonlyMap<string, string> = new Map([
  ['doi_source', 'DOI source'],
  ['citation_count_source', 'Citations source'],
  ['citation_count_date', 'Citations date'],
  ['archivePrefix', 'Archive'],
  ['journal_impact_factor', 'Impact factor'],
]);

export function fieldWords(field: string): string {
  return bibFields.get(field) ?? companions.get(field) ?? field.replaceAll('_', ' ');
}
