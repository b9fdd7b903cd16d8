/* Tables: what the page knows of them, and the calls. */
import type { Api } from '../api';
import { Fields } from '../json';
import type { JobId } from '../model';

export interface Table {
  readonly name: string;
  readonly records: number;
  readonly columns: readonly string[];
}

export interface RowError {
  readonly row: number;
  readonly line: number;
  readonly column: string | null;
  readonly code: string;
  readonly expected: string;
  readonly found: string | null;
  readonly hint: string | null;
}

export interface PreviewColumn {
  /** What the file calls it; null where the file does not have it. */
  readonly header: string | null;
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly key: boolean;
  readonly why: string | null;
}

export interface TablePreview {
  readonly how: string;
  readonly headerRow: number;
  readonly header: readonly string[];
  readonly table: string;
  readonly profile: string | null;
  readonly columns: readonly PreviewColumn[];
  readonly ignored: readonly string[];
  readonly rows: readonly { readonly row: number; readonly cells: readonly string[]; readonly isWrong: boolean }[];
  readonly looked: number;
  readonly isWhole: boolean;
  readonly wrong: number;
  readonly errors: readonly RowError[];
}

export interface Counts {
  readonly total: number;
  readonly inserted: number;
  readonly updated: number;
  readonly duplicates: number;
  readonly rejected: number;
  readonly blank: number;
}

export interface Import {
  readonly id: JobId;
  readonly table: string;
  readonly fileName: string;
  readonly state: 'processing' | 'stored' | 'dropped' | 'undone';
  readonly mode: string;
  readonly counts: Counts;
}

export interface Profile {
  readonly id: string;
  readonly name: string;
}

export interface RecordRow {
  readonly import: string;
  readonly row: number;
  readonly values: Readonly<Record<string, unknown>>;
}

/** What a column of the file is to be, where no profile says it. */
export interface ColumnWish {
  readonly header: string;
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly key: boolean;
}

/** What a column can be, as the server and as people call it. */
export const columnTypes: readonly (readonly [type: string, name: string])[] = [
  ['text', 'Text'],
  ['integer', 'Whole number'],
  ['decimal', 'Number'],
  ['boolean', 'Yes or no'],
  ['date', 'Date'],
  ['dateTime', 'Date with time'],
];

export interface ImportChoice {
  readonly profile: string;
  readonly table: string;
  readonly mode: string;
  readonly duplicates: string;
  readonly dates: string;
  readonly decimalMark: string;
  /** The file's column to the profile's; an empty text is to be ignored. */
  readonly mapping: Readonly<Record<string, string>>;
  /** Null leaves the columns as they look. */
  readonly columns: readonly ColumnWish[] | null;
}

export const noChoice: ImportChoice = {
  profile: '',
  table: '',
  mode: 'validRows',
  duplicates: 'skip',
  dates: '',
  decimalMark: '',
  mapping: {},
  columns: null,
};

/** The options as the server takes them: what was not chosen is left out. */
export function optionsOf(choice: ImportChoice): Record<string, unknown> {
  const options: Record<string, unknown> = { mode: choice.mode, duplicates: choice.duplicates };
  if (choice.profile !== '') options['profile'] = choice.profile;
  if (choice.table.trim() !== '') options['table'] = choice.table.trim();
  if (choice.dates !== '') options['dates'] = choice.dates;
  if (choice.decimalMark !== '') options['decimalMark'] = choice.decimalMark;
  if (choice.columns !== null) options['columns'] = choice.columns.map(ruleOf);
  const mapping = Object.entries(choice.mapping).map(([from, to]) => [from, to === '' ? null : to]);
  if (mapping.length > 0) options['mapping'] = Object.fromEntries(mapping);
  return options;
}

/** The columns of a preview as wishes, to be changed. */
export function wishesOf(preview: TablePreview): ColumnWish[] {
  return preview.columns.flatMap(({ header, name, type, required, key }) =>
    header === null ? [] : [{ header, name, type, required, key }],
  );
}

/** Every column of the file with where it goes: what is not among the wishes is ignored. */
export function mappingOf(header: readonly string[], wishes: readonly ColumnWish[]): Record<string, string> {
  return Object.fromEntries(header.map((name) => [name, wishes.find((one) => one.header === name)?.name ?? '']));
}

function ruleOf({ name, type, required, key }: ColumnWish): Record<string, unknown> {
  return { name, type, required, key };
}

const path = '/api/v1/tables';

export const tableCalls = {
  async list(api: Api): Promise<Table[]> {
    return Fields.of(await api.json(path), 'tables').children('tables', (one) => ({
      name: one.text('name'),
      records: one.number('records'),
      columns: one.texts('columns'),
    }));
  },

  async preview(api: Api, file: File, choice: ImportChoice): Promise<TablePreview> {
    const form = new FormData();
    form.append('options', JSON.stringify(optionsOf(choice)));
    form.append('file', file, file.name);
    return readPreview(await api.json(`${path}/preview`, { method: 'POST', body: form }));
  },

  async imports(api: Api): Promise<Import[]> {
    return Fields.of(await api.json(`${path}/imports?limit=20`), 'imports').children('imports', readImport);
  },

  async import(api: Api, id: JobId): Promise<Import> {
    return readImport(Fields.of(await api.json(importPath(id)), 'import'));
  },

  async removeTable(api: Api, table: string): Promise<void> {
    await api.send('DELETE', `${path}/${encodeURIComponent(table)}`);
  },

  async undo(api: Api, id: JobId): Promise<void> {
    await api.send('POST', `${importPath(id)}/undo`);
  },

  async errors(api: Api, id: JobId): Promise<RowError[]> {
    return Fields.of(await api.json(`${importPath(id)}/errors`), 'errors').children('errors', readError);
  },

  async profiles(api: Api): Promise<Profile[]> {
    return Fields.of(await api.json(`${path}/profiles`), 'profiles').children('profiles', (one) => ({
      id: one.text('id'),
      name: one.text('name'),
    }));
  },

  /** Keeps columns as a profile of this name, in the place of one that has it. */
  async saveProfile(api: Api, name: string, columns: readonly ColumnWish[]): Promise<string> {
    const known = (await tableCalls.profiles(api)).find((one) => one.name === name);
    const body = { name, columns: columns.map(ruleOf) };
    const answer =
      known === undefined
        ? await api.send('POST', `${path}/profiles`, body)
        : await api.send('PUT', `${path}/profiles/${encodeURIComponent(known.id)}`, body);
    return Fields.of(answer, 'profile').text('id');
  },

  async records(
    api: Api,
    table: string,
    filter: string,
    after: string | null,
  ): Promise<{ records: RecordRow[]; next: string | null }> {
    const query = new URLSearchParams({ table, limit: '50' });
    if (filter !== '') query.set('filter', filter);
    if (after !== null) query.set('after', after);
    const page = Fields.of(await api.json(`${path}/records?${query}`), 'records');
    const records = page.children('records', (one) => ({
      import: one.text('import'),
      row: one.number('row'),
      values: one.raw('values') as Record<string, unknown>,
    }));
    return { records, next: page.textOrNull('next') };
  },
};

/** What became of the first rows, in a sentence. */
export function lookWords({ looked, wrong, isWhole }: TablePreview): string {
  if (looked === 0) return 'There are no rows below the header.';
  const rows = isWhole ? `${looked.toLocaleString('en')}` : `first ${looked.toLocaleString('en')}`;
  if (wrong === 0) return isWhole ? `All ${rows} rows fit.` : `The ${rows} rows all fit.`;
  return `${wrong.toLocaleString('en')} of the ${rows} rows ${wrong === 1 ? 'is' : 'are'} wrong.`;
}

/** What would be right; the name of a type gets its article. */
export function expectedWords(expected: string): string {
  return ['whole number', 'number', 'date', 'date with time', 'text'].includes(expected) ? `a ${expected}` : expected;
}

/** The way out, where the page itself has one. */
export function hintWords({ code, expected, hint }: RowError): string | null {
  if (code !== 'ambiguous') return hint;
  return expected.includes('date')
    ? 'Choose above how dates are written, or write it as 2025-04-03.'
    : 'Choose above what the decimal mark is.';
}

export function rejectedPath(id: JobId): string {
  return `${importPath(id)}/rejected`;
}

export function templatePath(profile: string): string {
  return `${path}/profiles/${encodeURIComponent(profile)}/template`;
}

export function exportPath(table: string, filter: string, format: 'csv' | 'jsonl'): string {
  const query = new URLSearchParams({ table, format });
  if (filter !== '') query.set('filter', filter);
  return `${path}/records/export?${query}`;
}

/** What became of a file's rows, in a sentence. */
export function countWords(counts: Counts): string {
  const parts = [
    [counts.inserted, 'new'],
    [counts.updated, 'updated'],
    [counts.duplicates, 'already there'],
    [counts.rejected, 'wrong'],
    [counts.blank, 'blank'],
  ] as const;
  const told = parts.filter(([count]) => count > 0).map(([count, name]) => `${count.toLocaleString('en')} ${name}`);
  const rows = `${counts.total.toLocaleString('en')} ${counts.total === 1 ? 'row' : 'rows'}`;
  return told.length === 0 ? rows : `${rows}: ${told.join(', ')}`;
}

function importPath(id: JobId): string {
  return `${path}/imports/${encodeURIComponent(id)}`;
}

function readImport(one: Fields): Import {
  const counts = one.child('counts');
  return {
    id: one.text('id') as JobId,
    table: one.text('table'),
    fileName: one.text('fileName'),
    state: one.oneOf('state', ['processing', 'stored', 'dropped', 'undone']),
    mode: one.text('mode'),
    counts: {
      total: counts.number('total'),
      inserted: counts.number('inserted'),
      updated: counts.number('updated'),
      duplicates: counts.number('duplicates'),
      rejected: counts.number('rejected'),
      blank: counts.number('blank'),
    },
  };
}

function readError(one: Fields): RowError {
  return {
    row: one.number('row'),
    line: one.number('line'),
    column: one.textOrNull('column'),
    code: one.text('code'),
    expected: one.text('expected'),
    found: one.textOrNull('found'),
    hint: one.textOrNull('hint'),
  };
}

export function readPreview(answer: unknown): TablePreview {
  const fields = Fields.of(answer, 'preview');
  const sheet = fields.textOrNull('sheet');
  const separator = fields.textOrNull('separator');
  return {
    how: sheet === null ? `${fields.textOr('encoding', 'text')}, ${separatorWords(separator)}` : `sheet “${sheet}”`,
    headerRow: fields.number('headerRow'),
    header: fields.texts('header'),
    table: fields.text('table'),
    profile: fields.textOrNull('profile'),
    columns: fields.children('columns', (one) => ({
      header: one.textOrNull('header'),
      name: one.child('rule').text('name'),
      type: one.child('rule').text('type'),
      required: one.child('rule').flag('required'),
      key: one.child('rule').flag('key'),
      why: one.textOrNull('why'),
    })),
    ignored: fields.texts('ignored'),
    rows: fields.children('rows', (one) => ({
      row: one.number('row'),
      cells: one.texts('cells'),
      isWrong: one.list('errors', (value) => value).length > 0,
    })),
    looked: fields.number('looked'),
    isWhole: fields.flag('isWhole'),
    wrong: fields.number('wrong'),
    errors: fields.children('errors', readError),
  };
}

function separatorWords(separator: string | null): string {
  const names: Record<string, string> = { ',': 'commas', ';': 'semicolons', '\t': 'tabs', '|': 'bars' };
  return `parted by ${names[separator ?? ','] ?? `“${separator}”`}`;
}
