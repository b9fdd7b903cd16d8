/* Exam papers: what the page knows of them, and the calls. */
import type { Api } from '../api';
import { Fields } from '../json';
import type { Job, JobId, Progress } from '../model';
import { readJob } from '../wire';

export interface PaperRow {
  readonly id: string;
  readonly name: string;
  readonly questions: number;
  readonly marksFound: number | null;
  readonly marksStated: number | null;
  readonly pages: number;
  readonly failedChecks: number;
  readonly updatedAt: Date;
}

export interface Part {
  readonly label: string;
  readonly text: string;
  readonly marks: number | null;
  readonly parts: readonly Part[];
}

export interface Option {
  readonly label: string;
  readonly text: string;
}

export interface Region {
  readonly page: number;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface Tag {
  readonly number: string;
  readonly title: string;
  readonly isPrimary: boolean;
  readonly source: string;
}

export interface Question {
  readonly key: string;
  readonly section: string | null;
  readonly number: number;
  readonly pageFrom: number;
  readonly regions: readonly Region[];
  readonly text: string;
  readonly marks: number | null;
  /** What the paper prints for the whole of it. */
  readonly marksStated: number | null;
  readonly parts: readonly Part[];
  readonly options: readonly Option[];
  readonly warnings: readonly string[];
  readonly tags: readonly Tag[];
  /** Whether a person chose its chapters, be it none. */
  readonly tagsChosen: boolean;
  readonly markingScheme: string | null;
  readonly referencesInsert: boolean;
  readonly source: string;
}

export interface Check {
  readonly code: string;
  readonly ok: boolean;
  readonly detail: string;
}

export interface Paper {
  readonly id: string;
  readonly name: string;
  /** The job that read it last. */
  readonly job: JobId;
  readonly version: number;
  readonly pictures: number;
  readonly title: string | null;
  readonly code: string | null;
  readonly questions: readonly Question[];
  readonly checks: readonly Check[];
  readonly warnings: readonly string[];
}

export interface Syllabus {
  readonly id: string;
  readonly name: string;
}

/** A chapter by its place in its syllabus. */
export interface Chapter {
  readonly place: number;
  readonly number: string;
  readonly title: string;
}

export interface PaperFiles {
  readonly paper: File;
  readonly insert: File | null;
  readonly scheme: File | null;
}

const path = '/api/v1/exams';

export const paperCalls = {
  async list(api: Api): Promise<PaperRow[]> {
    return Fields.of(await api.json(`${path}?limit=100`), 'papers').list('papers', readRow);
  },

  async read(api: Api, id: string): Promise<Paper> {
    return readPaper(await api.json(of(id)));
  },

  async submit(api: Api, files: PaperFiles, priority: number, syllabus: string): Promise<Job> {
    const form = new FormData();
    if (priority > 0) form.append('priority', String(priority));
    if (syllabus !== '') form.append('syllabus', syllabus);
    form.append('paper', files.paper, files.paper.name);
    if (files.insert !== null) form.append('insert', files.insert, files.insert.name);
    if (files.scheme !== null) form.append('scheme', files.scheme, files.scheme.name);
    return readJob(await api.json(path, { method: 'POST', body: form }));
  },

  async again(api: Api, id: string): Promise<Job> {
    return readJob(await api.send('POST', `${of(id)}/again`));
  },

  async remove(api: Api, id: string): Promise<void> {
    await api.send('DELETE', of(id));
  },

  /** A change of a question; what comes back is the paper as it is then. */
  async change(api: Api, method: string, paper: Paper, rest: string, body: object): Promise<Paper> {
    return readPaper(await api.send(method, `${of(paper.id)}${rest}`, { version: paper.version, ...body }));
  },

  async syllabuses(api: Api): Promise<Syllabus[]> {
    return Fields.of(await api.json(`${path}/syllabuses`), 'syllabuses').list('syllabuses', (value, where) => {
      const one = Fields.of(value, where);
      return { id: one.text('id'), name: one.text('name') };
    });
  },

  async chapters(api: Api, syllabus: string): Promise<Chapter[]> {
    const read = await api.json(`${path}/syllabuses/${encodeURIComponent(syllabus)}`);
    const chapters = Fields.of(read, 'syllabus').list('chapters', (value, where) => {
      const one = Fields.of(value, where);
      return { number: one.textOrNull('number'), title: one.text('title') };
    });
    return chapters.map(({ number, title }, place) => ({ place, number: number ?? String(place + 1), title }));
  },

  async putSyllabus(api: Api, file: File): Promise<void> {
    const id = file.name.replace(/\.json$/i, '').replace(/[^A-Za-z0-9._-]+/g, '-');
    await api.send('PUT', `${path}/syllabuses/${encodeURIComponent(id)}`, readSyllabus(file.name, await file.text()));
  },
};

function readSyllabus(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${name} is no JSON. A syllabus is {"name": "...", "chapters": [{"number": "1", "title": "..."}]}.`);
  }
}

/** What a job is doing, in a line. */
export function stepWords({ step, done, total }: Progress): string {
  if (step === '') return 'Beginning';
  return total === null ? step : `${step}, ${done} of ${total}`;
}

/**
 * A text as people read it: where a line ended only because the page did, it goes on. Lines that begin anew (a capital, a
 * digit, a bracket) stay lines.
 */
export function flowing(text: string): string {
  return text.replace(/([^.:;?!\n])\n(?=[a-z])/g, '$1 ');
}

export function paperHref(id: string): string {
  return `#paper=${encodeURIComponent(id)}`;
}

export function of(id: string): string {
  return `${path}/${encodeURIComponent(id)}`;
}

/**
 * Puts each insert and mark scheme to its paper by their names: the same name but for "qp", "ms", "in" and the like
 * (9709_s10_qp_11 and 9709_s10_ms_11), else the only paper there is. What belongs to no paper is a paper itself.
 */
export function paired(files: readonly File[]): PaperFiles[] {
  const kinds = files.map((file) => ({ file, kind: kindOf(file.name), stem: stemOf(file.name) }));
  const papers = kinds.filter(({ kind }) => kind === 'paper');
  const taken = new Set<File>();
  const pick = (stem: string, kind: string): File | null => {
    const found = kinds.find(
      (one) => one.kind === kind && !taken.has(one.file) && (one.stem === stem || papers.length === 1),
    );
    if (found !== undefined) taken.add(found.file);
    return found?.file ?? null;
  };
  const pairs = papers.map(({ file, stem }) => ({
    paper: file,
    insert: pick(stem, 'insert'),
    scheme: pick(stem, 'scheme'),
  }));
  const left = kinds.filter(({ kind, file }) => kind !== 'paper' && !taken.has(file));
  return [...pairs, ...left.map(({ file }) => ({ paper: file, insert: null, scheme: null }))];
}

function kindOf(name: string): 'paper' | 'insert' | 'scheme' {
  const plain = name.replace(/\.[a-z0-9]+$/i, '').toLowerCase();
  if (/(^|[^a-z])(ms|mark|markscheme|marking|scheme|answers?)([^a-z]|$)/.test(plain)) return 'scheme';
  return /(^|[^a-z])(in|insert|source|resource)([^a-z]|$)/.test(plain) ? 'insert' : 'paper';
}

function stemOf(name: string): string {
  return name
    .replace(/\.[a-z0-9]+$/i, '')
    .toLowerCase()
    .replace(/(^|[^a-z])(qp|ms|in|insert|paper|mark|marking|markscheme|scheme|answers?|question|source|resource)(?=[^a-z]|$)/g, '$1')
    .replace(/[^a-z0-9]+/g, '');
}

function readRow(value: unknown, where: string): PaperRow {
  const row = Fields.of(value, where);
  const summary = row.child('summary');
  return {
    id: row.text('id'),
    name: row.text('name'),
    questions: summary.number('questions'),
    marksFound: summary.numberOrNull('marksFound'),
    marksStated: summary.numberOrNull('marksStated'),
    pages: summary.number('pages'),
    failedChecks: summary.number('failedChecks'),
    updatedAt: new Date(row.text('updatedAt')),
  };
}

export function readPaper(value: unknown): Paper {
  const view = Fields.of(value, 'paper');
  const paper = view.child('paper');
  return {
    id: view.text('id'),
    name: view.text('name'),
    job: view.text('job') as JobId,
    version: view.number('version'),
    pictures: view.number('pictures'),
    title: paper.textOrNull('title'),
    code: paper.textOrNull('code'),
    questions: paper.list('questions', readQuestion),
    checks: paper.list('checks', (check, where) => {
      const one = Fields.of(check, where);
      return { code: one.text('code'), ok: one.flag('ok'), detail: one.text('detail') };
    }),
    warnings: paper.texts('warnings'),
  };
}

function readQuestion(value: unknown, where: string): Question {
  const question = Fields.of(value, where);
  return {
    key: question.text('key'),
    section: question.textOrNull('section'),
    number: question.number('number'),
    pageFrom: question.numberOr('pageFrom', 1),
    regions: question.list('regions', (region, at) => {
      const one = Fields.of(region, at);
      return {
        page: one.number('page'),
        left: one.number('left'),
        top: one.number('top'),
        right: one.number('right'),
        bottom: one.number('bottom'),
      };
    }),
    text: question.text('text'),
    marks: question.numberOrNull('marks'),
    marksStated: question.numberOrNull('marksStated'),
    parts: question.list('parts', readPart),
    options: question.list('options', (option, at) => {
      const one = Fields.of(option, at);
      return { label: one.text('label'), text: one.text('text') };
    }),
    warnings: question.texts('warnings'),
    tags: question.list('tags', (tag, at) => {
      const one = Fields.of(tag, at);
      return {
        number: one.text('number'),
        title: one.text('title'),
        isPrimary: one.flag('isPrimary'),
        source: one.text('source'),
      };
    }),
    tagsChosen: question.flag('tagsChosen'),
    markingScheme: question.textOrNull('markingScheme'),
    referencesInsert: question.flag('referencesInsert'),
    source: question.text('source'),
  };
}

function readPart(value: unknown, where: string): Part {
  const part = Fields.of(value, where);
  return {
    label: part.text('label'),
    text: part.text('text'),
    marks: part.numberOrNull('marks'),
    parts: part.list('parts', readPart),
  };
}
