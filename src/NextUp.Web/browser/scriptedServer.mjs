/* Serves the built page under the policy of the real server, and the API over a ScriptedQueue. */
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { attachment, describe, json, problem } from './answers.mjs';
import { ScriptedAccounts } from './scriptedAccount.mjs';
import { ScriptedQueue } from './scriptedQueue.mjs';

const dist = fileURLToPath(new URL('../../NextUp.Server/Pages/dist/', import.meta.url));
const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};
const wanted = ['doi', 'abstract', 'author', 'year', 'journal', 'url'];

export class ScriptedServer {
  constructor() {
    this.queue = new ScriptedQueue();
    this.accounts = new ScriptedAccounts(this.queue);
    this.kind = {
      kind: 'bibtex',
      whenBusy: 'refuse',
      mayChooseWhenBusy: true,
      activePerUserMax: 1,
      priorityMax: 0,
      uploadBytesMax: 10_485_760,
    };
    this.streams = new Set();
    this.resumedFrom = [];
    this.eventsAreStreamed = true;
    this.nextVisitor = 1;
    this.answersAreLost = false;
  }

  async start(port = 0) {
    this.http = createServer((request, response) => {
      this.route(request, response).catch((error) => {
        console.error(error);
        response.destroy();
      });
    });
    await new Promise((resolve) => this.http.listen(port, '127.0.0.1', resolve));
    this.port = this.http.address().port;
    this.url = `http://127.0.0.1:${this.port}`;
  }

  /** As if the process were gone: open streams break and nothing answers. Its memory stays, as the real one's store. */
  async stop() {
    const closed = new Promise((resolve) => this.http.close(resolve));
    this.http.closeAllConnections();
    await closed;
  }

  breakStreams() {
    for (const stream of this.streams) stream.destroy();
  }

  async route(request, response) {
    const url = new URL(request.url, this.url);
    if (!url.pathname.startsWith('/api/v1/')) return this.page(url, response);
    const user = this.identify(request, response);
    const path = url.pathname.slice('/api/v1/'.length).split('/');
    const body = ['POST', 'PATCH'].includes(request.method) ? await readBody(request) : null;
    if (path[0] === 'notices') return this.accounts.notices(request, response, user, path, body);
    if (path[0] === 'keys') return this.accounts.apiKeys(request, response, user, path, body);
    switch (`${request.method} ${path[0]}`) {
      case 'GET kinds':
        return json(response, 200, { kinds: [this.kind] });
      case 'POST me':
        return this.accounts.openSession(response, user, body);
      case 'DELETE me':
        response.setHeader('Set-Cookie', `nextup-visitor=${this.newVisitor()}; HttpOnly; SameSite=Lax; Path=/`);
        response.statusCode = 204;
        return response.end();
      case 'GET me':
        return json(response, 200, this.me(user));
      case 'GET queue':
        return json(response, 200, this.queue.view());
      case 'GET events':
        return this.stream(request, response, user);
      case 'POST preview':
        return this.preview(response, body);
      case 'POST jobs':
        if (path[2] === 'cancel') return this.cancel(response, user, path[1]);
        if (path[2] === 'again') return this.again(response, user, path[1], body);
        return this.submit(request, response, user, body);
      case 'GET jobs':
        return path[1] === undefined ? this.list(response, user, url) : this.job(response, user, path, url);
    }
    return problem(response, 404, 'not-found', 'There is nothing here.');
  }

  async page(url, response) {
    const isFile = extname(url.pathname) !== '';
    const path = normalize(join(dist, isFile ? url.pathname : 'index.html'));
    const content = await readFile(path);
    response.setHeader('Content-Security-Policy', "default-src 'self'; frame-ancestors 'none'");
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.setHeader('Content-Type', types[extname(path)] ?? 'application/octet-stream');
    response.end(content);
  }

  identify(request, response) {
    const cookie = /nextup-visitor=([^;]+)/.exec(request.headers.cookie ?? '')?.[1];
    if (cookie !== undefined) return cookie;
    const visitor = this.newVisitor();
    response.setHeader('Set-Cookie', `nextup-visitor=${visitor}; HttpOnly; SameSite=Lax; Path=/`);
    return visitor;
  }

  newVisitor() {
    return `visitor-${this.nextVisitor++}`;
  }

  me(user) {
    const isVisitor = user.startsWith('visitor-');
    return {
      user: { kind: isVisitor ? 'visitor' : 'account', name: isVisitor ? null : user },
      isAdministrator: false,
      role: this.accounts.roles.get(user) ?? 'user',
      signIn: { byToken: true, path: this.accounts.signInPath },
      active: this.queue.activeOf(user).map((job) => this.queue.viewJob(job)),
      lastEvent: this.queue.eventsOf(user).length,
    };
  }

  stream(request, response, user) {
    if (!this.eventsAreStreamed) return json(response, 200, {});
    const events = this.queue.eventsOf(user);
    const resume = request.headers['last-event-id'];
    this.resumedFrom.push(resume ?? null);
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    const send = (type, data, id) => {
      response.write(`${id === undefined ? '' : `id: ${id}\n`}event: ${type}\ndata: ${JSON.stringify(data)}\n\n`);
    };
    const snapshot = { me: this.me(user), queue: this.queue.view(), lastEvent: events.length };
    send('snapshot', snapshot, events.length);
    if (resume !== undefined) for (const event of events.slice(Number(resume))) send('job', event, event.number);

    const own = (type, data) => send(type, data, type === 'job' ? data.number : undefined);
    const counts = (data) => send('queue', data);
    this.queue.news.on(user, own);
    this.queue.news.on('queue', counts);
    this.streams.add(response);
    response.on('close', () => {
      this.streams.delete(response);
      this.queue.news.off(user, own);
      this.queue.news.off('queue', counts);
    });
  }

  async preview(response, form) {
    const file = form.get('file');
    const content = await file.text();
    const entries = parse(content);
    if (entries.length === 0) return problem(response, 422, 'unfit-upload', `${file.name} holds no BibTeX entry.`);
    const missing = {};
    for (const field of entries.flatMap((entry) => entry.missing)) missing[field] = (missing[field] ?? 0) + 1;
    const problems = [...content.matchAll(/^@\w+\{[^,]*$/gm)].map((match) => ({
      line: content.slice(0, match.index).split('\n').length,
      message: 'The entry does not close; it is kept as it is.',
    }));
    const shown = entries.slice(0, 50);
    const truncated = entries.length > 50;
    return json(response, 200, {
      fileName: file.name,
      totalEntries: entries.length,
      entries: shown,
      missing,
      problems,
      truncated,
    });
  }

  async submit(request, response, user, form) {
    const files = form.getAll('file');
    const key = request.headers['idempotency-key'];
    const results = [];
    for (const [index, file] of files.entries()) {
      const content = await file.text();
      results.push(this.submitOne(user, file, content, form, files.length > 1 ? `${key}#${index}` : key));
    }
    if (this.answersAreLost) return response.destroy();
    if (results.length > 1) return json(response, 207, { results });
    const [{ status, job, problem: refusal }] = results;
    return refusal === undefined
      ? json(response, status, job)
      : json(response, status, refusal, 'application/problem+json');
  }

  submitOne(user, file, content, form, key) {
    if (parse(content).length === 0) {
      const unfit = describe(422, 'unfit-upload', `${file.name} holds no BibTeX entry.`);
      return { file: file.name, status: 422, problem: unfit };
    }
    const whenBusy = form.get('whenBusy') ?? 'refuse';
    const options = JSON.parse(form.get('options') ?? '{}');
    const order = { priority: Number(form.get('priority') ?? 0), notBefore: form.get('notBefore') };
    return this.take(user, { fileName: file.name, content, whenBusy, key, options, ...order });
  }

  take(user, upload) {
    const answer = this.queue.submit(user, upload);
    if (answer.existing === undefined) {
      return { file: upload.fileName, status: answer.isRepeat ? 200 : 201, job: this.queue.viewJob(answer.job) };
    }
    const detail = `You already have a job in progress: "${answer.existing.fileName}"`;
    const refusal = { ...describe(429, 'job-limit-reached', detail), existingJob: this.queue.viewJob(answer.existing) };
    return { file: upload.fileName, status: 429, problem: refusal };
  }

  again(response, user, id, { whenBusy = 'refuse', ...wish }) {
    const job = this.queue.jobs.get(id);
    if (job?.user !== user) return problem(response, 404, 'job-not-found', 'There is no such job among yours.');
    const content = this.queue.files.get(id);
    const taken = this.take(user, { fileName: job.fileName, content, whenBusy, options: wish });
    return taken.problem === undefined
      ? json(response, taken.status, taken.job)
      : json(response, taken.status, taken.problem, 'application/problem+json');
  }

  cancel(response, user, id) {
    const job = this.queue.jobs.get(id);
    if (job?.user !== user) return problem(response, 404, 'job-not-found', 'There is no such job among yours.');
    if (!this.queue.cancel(id)) return problem(response, 409, 'job-already-finished', 'The job has finished already.');
    return json(response, 200, this.queue.viewJob(job));
  }

  list(response, user, url) {
    const limit = Number(url.searchParams.get('limit') ?? 50);
    const from = Number(url.searchParams.get('after') ?? 0);
    const own = [...this.queue.jobs.values()].filter((job) => job.user === user).reverse();
    const jobs = own.slice(from, from + limit).map((job) => this.queue.viewJob(job));
    return json(response, 200, { jobs, next: from + limit < own.length ? String(from + limit) : null });
  }

  job(response, user, [, id, part], url) {
    const job = this.queue.jobs.get(id);
    if (job?.user !== user) return problem(response, 404, 'job-not-found', 'There is no such job among yours.');
    if (part === undefined) return json(response, 200, this.queue.viewJob(job));
    if (part === 'log') {
      const lines = this.queue.logs.get(id).slice(Number(url.searchParams.get('after') ?? 0));
      return json(response, 200, { lines, next: lines.at(-1)?.number ?? 0 });
    }
    if (part === 'original') return attachment(response, job.fileName, this.queue.files.get(id));
    if (job.state !== 'completed') return problem(response, 409, 'result-not-ready', 'The job has not completed.');
    if (part === 'result') {
      return attachment(
        response,
        job.fileName.replace('.bib', '-enriched.bib'),
        `${this.queue.files.get(id)}% enriched\n`,
      );
    }
    return json(response, 200, part === 'report' ? job.findings : job.findings.diff);
  }
}

/** Entries of well-behaved files, one field a line: enough for what the tests hand in. */
function parse(content) {
  return content
    .split(/^(?=@)/m)
    .filter((text) => text.startsWith('@') && text.includes('='))
    .map((text) => {
      const field = (name) => new RegExp(`^\\s*${name}\\s*=\\s*\\{(.*)\\}`, 'm').exec(text)?.[1] ?? null;
      const [, type, key] = /^@(\w+)\{\s*([^,\s]*)/.exec(text);
      const line = content.slice(0, content.indexOf(text)).split('\n').length;
      return {
        key,
        type: type.toLowerCase(),
        title: field('title'),
        author: field('author'),
        year: field('year'),
        journal: field('journal'),
        line,
        missing: wanted.filter((name) => field(name) === null),
      };
    });
}

async function readBody(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const type = request.headers['content-type'];
  if (type === undefined) return new FormData();
  if (type.includes('json')) return JSON.parse(Buffer.concat(chunks).toString());
  return new Response(Buffer.concat(chunks), { headers: { 'Content-Type': type } }).formData();
}
