/* The page on a real server, named by NEXTUP_URL: the same journey as on the scripted one, with real work. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { bibliography } from './samples.mjs';
import { card, choose, launch, submit } from './visit.mjs';
import { cutable, open, url } from './visitReal.mjs';

const skip = url === undefined ? 'NEXTUP_URL names no running server' : false;
const large = Array.from(
  { length: 4900 },
  (_, index) => `@misc{k${index},\n  title = {A work nobody wrote, volume ${index}}\n}\n`,
);

let browser;
before(async () => {
  if (!skip) browser = await launch();
});
after(() => browser?.close());

test('A file is previewed, enriched, explained and downloaded', { skip }, async (t) => {
  const page = await open(t, browser, '/');
  await choose(page, ['references.bib', bibliography]);
  await page.getByText('4 entries').first().waitFor();
  await page.getByText('Attention Is All You Need').waitFor();
  await submit(page);
  const job = card(page, 'references.bib');
  await job.getByText(/of 4 entries enriched/).waitFor();
  const saving = page.waitForEvent('download');
  await job.getByRole('link', { name: 'Download the result of references.bib' }).click();
  const saved = await saving;
  assert.equal(saved.suggestedFilename(), 'references-enriched.bib');
  assert.match(await readFile(await saved.path(), 'utf8'), /@article\{watson1953,/);

  await job.getByRole('link', { name: 'See what was found' }).click();
  await page.locator('li.entry').first().waitFor();
  assert.equal(await page.locator('li.entry').count(), 4);
  await page.getByRole('tab', { name: 'Changes' }).click();
  await page.getByText(/fields? in|Nothing was changed/).waitFor();
  await page.getByRole('tab', { name: 'Log' }).click();
  await page.getByText('/4]').first().waitFor();
});

test('A running job refuses a second, lets it wait, and is cancelled', { skip }, async (t) => {
  const page = await open(t, browser, '/');
  await choose(page, ['large.bib', large.join('\n')]);
  await page.getByText('4,900 entries').first().waitFor();
  await submit(page);
  await card(page, 'large.bib').getByRole('progressbar').waitFor();
  await choose(page, ['second.bib', bibliography]);
  await submit(page);
  await page.getByRole('alert').getByRole('link', { name: 'large.bib' }).waitFor();
  await page.getByRole('button', { name: 'Wait in my lane' }).click();
  await card(page, 'second.bib').getByText('Waits in your lane').waitFor();
  await page.getByRole('button', { name: 'Cancel large.bib' }).click();
  await page.getByRole('button', { name: 'Cancel the job' }).click();
  await card(page, 'large.bib').getByText('Cancelled', { exact: true }).waitFor();
  await card(page, 'second.bib')
    .getByText(/of 4 entries enriched/)
    .waitFor();
});

test('What happens while the connection is cut is there when it is back', { skip }, async (t) => {
  const wire = await cutable(t, new URL(url));
  const page = await open(t, browser, '/', { at: wire.url });
  await choose(page, ['large.bib', large.slice(0, 400).join('\n')]);
  await page.getByText('400 entries').first().waitFor();
  await submit(page);
  await card(page, 'large.bib').waitFor();
  wire.cut();
  await page.getByText('Connection lost.').waitFor();
  wire.mend();
  await page.getByText('Live', { exact: true }).waitFor();
  await card(page, 'large.bib')
    .getByText(/of 400 entries enriched/)
    .waitFor();
});
