/* Documents on the real server: handed in, watched, searched, read, worked on anew, deleted. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { Pdf } from './pdf.mjs';
import { confirm, cutable, handIn, open, paused, savedBy, skip, skipSteering, url } from './visitReal.mjs';
import { launch } from './visit.mjs';

const facts = [
  'The keeper of a lighthouse counts the ships that pass at night and writes them into a book.',
  'Bees find their way home by the sun, and dance to tell each other of flowers far away.',
  'A glacier moves slower than the hour hand of a clock, and carries whole hills with it.',
];

/** Three pages, each about something else, each long enough for more than one piece. */
function threePages() {
  const pdf = new Pdf();
  for (const [page, fact] of facts.entries()) {
    pdf.newPage().text(60, 80, `Chapter ${page + 1}`, 16);
    pdf.paragraph(60, 110, Array(36).fill(fact).join(' '));
  }
  return pdf.toBuffer();
}

let browser;
before(async () => {
  if (!skip) browser = await launch();
});
after(() => browser?.close());

function row(page, name) {
  return page.locator('li.document').filter({ has: page.getByText(name, { exact: true }) });
}

async function search(page, question) {
  await page.getByRole('searchbox', { name: 'What you look for' }).fill(question);
  await page.getByRole('button', { name: 'Search' }).click();
}

test('A document is handed in, found to the page, read there, worked on anew and deleted', { skip }, async (t) => {
  const page = await open(t, browser, '/documents');
  await handIn(page, ['nature.pdf', threePages()], ['bread.md', '# Bread\n\nFlour, water, salt and time.\n']);
  const nature = row(page, 'nature.pdf');
  await nature.getByText('Searchable').waitFor();
  await nature.getByText(/3 pages, \d+ pieces/).waitFor();
  await row(page, 'bread.md').getByText('Searchable').waitFor();

  await search(page, 'how do bees find their way home');
  const hit = page.locator('.hit', { hasText: 'nature.pdf page 2' }).first();
  assert.match(await hit.locator('mark').first().textContent(), /bees|find|home/i);
  await hit.getByText('Open page 2').click();
  const text = hit.getByRole('list', { name: 'Text of nature.pdf' });
  assert.match(await text.getByRole('listitem').first().textContent(), /^Page 2.*Bees find their way home/s);

  await handIn(page, ['copy.md', '# Bread\n\nFlour, water, salt and time.\n']);
  await page.getByRole('alert').getByText('You have bread.md with the same content already').waitFor();
  await page.getByRole('button', { name: 'Dismiss' }).click();
  assert.equal(await page.locator('li.document').count(), 2);

  const { documents } = await page.evaluate(() => fetch('/api/v1/documents').then((answer) => answer.json()));
  const first = documents.find((one) => one.name === 'nature.pdf').job;
  const anew = page.waitForResponse(async (response) => {
    if (!response.url().includes('/api/v1/documents?')) return false;
    const now = (await response.json()).documents.find((one) => one.name === 'nature.pdf');
    return now.state === 'completed' && now.job !== first;
  });
  await page.getByRole('button', { name: 'Process nature.pdf again' }).click();
  await anew;
  await nature.getByText('Searchable').waitFor();

  const saved = await savedBy(page, page.getByRole('link', { name: 'Export bread.md' }));
  assert.match(await readFile(await saved.path(), 'utf8'), /Flour, water/);

  await page.getByRole('button', { name: 'Delete nature.pdf' }).click();
  await confirm(page, 'Delete it');
  await nature.waitFor({ state: 'detached' });
  await page.getByText('Nothing was found for').waitFor();
  await search(page, 'bees');
  await page.getByText('Nothing was found for “bees”.').waitFor();
});

test('What cannot be read says why, and what is not taken is named', { skip }, async (t) => {
  const page = await open(t, browser, '/documents');
  await page.getByText('PDF, Word, PowerPoint').waitFor();
  const picture = Buffer.from('89504e470d0a1a0a', 'hex');
  await handIn(page, ['broken.pdf', '%PDF-1.4 and nothing more'], ['photo.png', picture]);
  await page.getByRole('alert').getByText('photo.png', { exact: true }).waitFor();
  await page.getByRole('alert').getByText(/It is a picture/).waitFor();
  const broken = row(page, 'broken.pdf');
  await broken.getByText('Failed').waitFor();
  await broken.getByText(/is damaged and cannot be read/).waitFor();
  await page.getByRole('button', { name: 'Process broken.pdf again' }).waitFor();
});

test('A document that waits says why, and goes on where the connection was lost', { skip: skipSteering }, async (t) => {
  const goOn = await paused(t, 'documents', 'The index is being moved');
  const wire = await cutable(t);
  const page = await open(t, browser, '/documents', { at: wire.url });
  await handIn(page, ['later.txt', 'It can wait.']);
  await row(page, 'later.txt').getByText(/The index is being moved/).waitFor();
  wire.cut();
  await page.getByText('Connection lost.').waitFor();
  await goOn();
  wire.mend();
  await page.getByText('Live', { exact: true }).waitFor();
  await row(page, 'later.txt').getByText('Searchable').waitFor();
});

test('A long document shows how far it is, and can be deleted meanwhile', { skip }, async (t) => {
  const page = await open(t, browser, '/documents');
  await handIn(page, ['long.txt', `${facts.join(' ')}\n\n`.repeat(8000)]);
  const long = row(page, 'long.txt');
  await long.getByRole('progressbar', { name: 'How far long.txt is' }).waitFor();
  await page.getByRole('button', { name: 'Delete long.txt' }).click();
  await confirm(page, 'Delete it');
  await page.getByText('Drop your documents here').waitFor();
});

test("Somebody else's document, and its job, are told as ones that do not exist", { skip }, async (t) => {
  const owner = await open(t, browser, '/documents');
  await handIn(owner, ['mine.txt', 'Nobody else is to read this.']);
  await row(owner, 'mine.txt').getByText('Searchable').waitFor();
  const { documents } = await owner.evaluate(() => fetch('/api/v1/documents').then((answer) => answer.json()));
  const stranger = await open(t, browser, '/documents');
  await stranger.getByText('Drop your documents here').waitFor();
  const ask = (path) =>
    stranger.evaluate(async (path) => {
      const answer = await fetch(path);
      return `${answer.status} ${await answer.text()}`;
    }, path);
  const nobodys = documents[0].id.replace(/.$/, (last) => (last === '0' ? '1' : '0'));
  for (const rest of ['', '/chunks', '/export']) {
    const theirs = await ask(`/api/v1/documents/${documents[0].id}${rest}`);
    const none = await ask(`/api/v1/documents/${nobodys}${rest}`);
    assert.match(theirs, /^404 /);
    assert.equal(theirs.replaceAll(documents[0].id, ''), none.replaceAll(nobodys, ''));
  }
  await stranger.goto(`${url}/jobs/${documents[0].job}`);
  await stranger.getByText('There is no such job among yours.').waitFor();
});
